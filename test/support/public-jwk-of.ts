import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/**
 * The JWK of a public key that was just generated. It is copied first: Node 20 stands still for ever when it collects
 * the job that generated a key while it exports that very key as a JWK, since both want one lock.
 */
export function publicJwkOf(key: KeyObject): JsonWebKey {
  const copy = createPublicKey({
    key: key.export({ format: 'der', type: 'spki' }),
    format: 'der',
    type: 'spki',
  });
  return copy.export({ format: 'jwk' });
}
