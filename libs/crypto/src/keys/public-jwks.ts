import type { PublicJwks, RingKey } from './ring-key.ts';

/**
 * The signing keys as a published set (RFC 7517 §5), in the order in which they sign. Built from public members
 * alone, so that there is no private one to leave out; a sealing key has no public half and is never in it.
 */
export function toPublicJwks(keys: readonly RingKey[]): PublicJwks {
  const signing = keys
    .filter((key) => key.use === 'sign')
    .toSorted((a, b) => a.activeFrom - b.activeFrom || a.createdAt - b.createdAt);
  return { keys: signing.map(({ publicJwk }) => publicJwk) };
}
