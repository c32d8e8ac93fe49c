import { createHash, generateKeyPairSync, type JsonWebKey } from 'node:crypto';

/** A new ES256 key as a private JWK, named by its RFC 7638 thumbprint. */
export function newDeviceKey(): JsonWebKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  const { crv, kty, x, y } = jwk;
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { ...jwk, kid, alg: 'ES256', use: 'sig' };
}

/** What may be shown of it and has to be registered. */
export function publicHalf(jwk: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { d: _private, ...shown } = jwk;
  return shown;
}
