import type { JwkTexts } from '#quickstart';
import { createHash, generateKeyPairSync } from 'node:crypto';

/** A new ES256 key as a private JWK, named by its RFC 7638 thumbprint. */
export function newDeviceKey(): JwkTexts {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { crv = '', kty = '', x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { kty, crv, x, y, d, kid, alg: 'ES256', use: 'sig' };
}

/** What may be shown of it and has to be registered. */
export function publicHalf(jwk: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { d: _private, ...shown } = jwk;
  return shown;
}
