import { createHash, generateKeyPairSync, type JsonWebKey } from 'node:crypto';

/** A fresh ES256 key pair as JWKs, named by its RFC 7638 thumbprint. */
export interface KeyPair {
  readonly privateJwk: JsonWebKey;
  readonly publicJwk: JsonWebKey;
}

export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  const more = { kid, alg: 'ES256', use: 'sig' };
  return {
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...more },
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...more },
  };
}
