import type { PublicJwks, SigningKey } from './ring-key.ts';

/**
 * The signing keys as a published set (RFC 7517 §5), in the order in which they sign. Built from public members
 * alone, so that there is no private one to leave out.
 */
export function toPublicJwks(keys: readonly SigningKey[]): PublicJwks {
  const inOrder = keys.toSorted((a, b) => a.activeFrom - b.activeFrom || a.createdAt - b.createdAt);
  return { keys: inOrder.map(({ publicJwk }) => publicJwk) };
}
