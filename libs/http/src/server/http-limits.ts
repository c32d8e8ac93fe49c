/**
 * What one connection may take of us. Node's own defaults (a minute for the headers, five for the body) let one
 * laptop hold every socket.
 */
export const HTTP_LIMITS = {
  /** Headers, and the whole request, have to be here within this time; checked every second. */
  headersTimeoutMs: 9_000,
  requestTimeoutMs: 9_000,
  checkEveryMs: 1_000,
  /** A socket on which nothing moves, a reader that does not read included. */
  socketTimeoutMs: 30_000,
  /** Longer than load balancers keep theirs, so that they close first. */
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 16_384,
  maxRequestsPerSocket: 10_000,
  maxConnections: 4_096,
} as const;
