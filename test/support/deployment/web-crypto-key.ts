import { webcrypto } from 'node:crypto';
import type { SigningKey } from './signing-key.ts';

/** The private half of an ES256 key as WebCrypto knows it, for libraries that take nothing else. */
export async function webCryptoKey({ privateKey }: SigningKey): Promise<webcrypto.CryptoKey> {
  const jwk = privateKey.export({ format: 'jwk' });
  return webcrypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
}
