import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';

/**
 * What one connection may take of us. Node's own defaults (a minute for the headers, five for the body) let one
 * laptop hold every socket.
 */
const HTTP_LIMITS = {
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

/** Options of every server, with TLS or without. */
export const LIMITED_SERVER = {
  requestTimeout: HTTP_LIMITS.requestTimeoutMs,
  headersTimeout: HTTP_LIMITS.headersTimeoutMs,
  keepAliveTimeout: HTTP_LIMITS.keepAliveTimeoutMs,
  connectionsCheckingInterval: HTTP_LIMITS.checkEveryMs,
  maxHeaderSize: HTTP_LIMITS.maxHeaderBytes,
  // We say it ourselves, as we say everything.
  requireHostHeader: false,
} as const;

/** The limits that a server takes only when it is made. */
export function limitConnections(server: Server | TlsServer): void {
  server.timeout = HTTP_LIMITS.socketTimeoutMs;
  server.maxRequestsPerSocket = HTTP_LIMITS.maxRequestsPerSocket;
  server.maxConnections = HTTP_LIMITS.maxConnections;
  // Whoever holds idle sockets must not keep others out.
  server.on('drop', () => server.closeIdleConnections());
}
