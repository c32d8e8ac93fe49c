import { generateKeyPairSync } from 'node:crypto';
import type { JwsAlgorithm } from './jws-algorithm.ts';
import { candidateKeys, readPublicKey, type PublicKey } from './public-key.ts';

const EC = {
  kty: 'EC',
  crv: 'P-256',
  x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
  y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
};
const OKP = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const RSA = {
  kty: 'RSA',
  e: 'AQAB',
  n:
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs' +
    'tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n' +
    '91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
};
const modulus = (bytes: number, first = 0x80): string =>
  Buffer.concat([Buffer.from([first]), Buffer.alloc(bytes - 1, 0x55)]).toString('base64url');
const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
const X25519 = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });

describe('thumbprints', () => {
  test.each([
    ['the RSA key of RFC 7638 §3.1', RSA, 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
    ['the EC key of the DPoP examples', EC, '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'],
    ['the OKP key of RFC 8037 A.3', OKP, 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'],
  ])('of %s', (_, jwk, thumbprint) => {
    expect(readPublicKey(jwk)?.thumbprint).toBe(thumbprint);
  });

  test('depend on the required members only', () => {
    const { x, y, crv, kty } = EC;
    const decorated = { use: 'sig', y, kid: 'k', x, alg: 'ES256', crv, x5c: ['MII'], kty };
    expect(readPublicKey(decorated)?.thumbprint).toBe(readPublicKey(EC)?.thumbprint);
    expect(readPublicKey({ ...EC, x: EC.y, y: EC.x })?.thumbprint).not.toBe(readPublicKey(EC)?.thumbprint);
  });
});

describe('readPublicKey', () => {
  test.each<[string, object]>([
    ['an EC key', EC],
    ['an OKP key', OKP],
    ['an RSA key', RSA],
    ['J-39 a key with kid, alg and use', { ...EC, kid: 'a', alg: 'ES256', use: 'sig' }],
    ['a key that may verify', { ...EC, key_ops: ['verify'] }],
    ['a key with unknown members', { ...EC, ext: true, iat: 1 }],
    ['J-10 an OKP key under its old name', { ...OKP, alg: 'EdDSA' }],
    ['J-10 an OKP key under its new name', { ...OKP, alg: 'Ed25519' }],
    ['an RSA key for PS256', { ...RSA, alg: 'PS256' }],
    ['J-08 an RSA key of 4096 bits', { ...RSA, n: modulus(512) }],
    ['an RSA key of 2056 bits', { ...RSA, n: modulus(257, 0x01) }],
  ])('reads %s', (_, jwk) => {
    expect(readPublicKey(jwk)).not.toBeNull();
  });

  test('keeps the members that make the key, and nothing else', () => {
    const key = readPublicKey({ ...EC, kid: 'a', alg: 'ES256', x5c: ['MII'], evil: '<script>' });
    expect(key).toEqual({ jwk: EC, kid: 'a', alg: 'ES256', thumbprint: expect.any(String) as string });
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', [EC]],
    ['a string', JSON.stringify(EC)],
    ['an empty object', {}],
    ['a private EC key', { ...EC, d: 'AA' }],
    ['a private member that is null', { ...EC, d: null }],
    ['a private RSA key', { ...RSA, d: 'AA', p: 'AA', q: 'AA' }],
    ['an RSA key with other primes', { ...RSA, oth: [] }],
    ['a public key with a symmetric member', { ...EC, k: 'AA' }],
    ['J-02 a symmetric key', { kty: 'oct', k: 'AAAA' }],
    ['J-05 an empty symmetric key', { kty: 'oct', k: '' }],
    ['J-66 a key for encryption', { ...EC, use: 'enc' }],
    ['a use that is null', { ...EC, use: null }],
    ['J-66 a key that may only sign', { ...EC, key_ops: ['sign'] }],
    ['a key that may do nothing', { ...EC, key_ops: [] }],
    ['key_ops that is a string', { ...EC, key_ops: 'verify' }],
    ['J-66 an EC key for an RSA algorithm', { ...EC, alg: 'PS256' }],
    ['J-66 a key for an algorithm that is not read here', { ...RSA, alg: 'RSA-OAEP' }],
    ['J-66 a key for RS512', { ...RSA, alg: 'RS512' }],
    ['a key for no algorithm', { ...EC, alg: 'none' }],
    ['an alg that is null', { ...EC, alg: null }],
    ['a kid that is a number', { ...EC, kid: 1 }],
    ['J-36 a kid of 257 characters', { ...EC, kid: 'k'.repeat(257) }],
    ['J-07 a P-384 key', P384],
    ['J-07 a P-384 key that says P-256', { ...P384, crv: 'P-256' }],
    ['J-07 an X25519 key', X25519],
    ['an EC key with a curve of OKP', { ...EC, crv: 'Ed25519' }],
    ['an EC key without y', { ...EC, y: undefined }],
    ['an EC key with a short x', { ...EC, x: Buffer.alloc(31, 1).toString('base64url') }],
    ['an EC key with a long x', { ...EC, x: Buffer.alloc(33, 1).toString('base64url') }],
    ['an EC key with padding', { ...EC, x: `${EC.x}=` }],
    ['an EC key in the standard alphabet', { ...EC, x: EC.x.replace('-', '+') }],
    ['an EC key with set trailing bits', { ...EC, x: `${EC.x.slice(0, -1)}t` }],
    ['an EC key with JSON in it', { ...EC, x: '","y":"' }],
    ['an EC key with a list for x', { ...EC, x: [EC.x] }],
    ['J-08 an RSA key of 1024 bits', { ...RSA, n: modulus(128) }],
    ['J-08 an RSA key of 2040 bits', { ...RSA, n: modulus(255) }],
    ['J-08 an RSA key of 2041 bits in 256 bytes', { ...RSA, n: modulus(256, 0x01) }],
    ['J-08 an RSA key of 4104 bits', { ...RSA, n: modulus(513) }],
    ['J-08 an RSA key with a leading zero', { ...RSA, n: modulus(257, 0x00) }],
    ['J-08 an RSA key with e = 1', { ...RSA, e: 'AQ' }],
    ['J-08 an RSA key with e = 3', { ...RSA, e: 'Aw' }],
    ['J-08 an RSA key with a leading zero in e', { ...RSA, e: 'AAEAAQ' }],
    ['an RSA key of 1 MB', { ...RSA, n: modulus(1_000_000) }],
  ])('refuses %s', (_, jwk) => {
    expect(readPublicKey(jwk)).toBeNull();
  });
});

describe('candidateKeys', () => {
  const read = (jwk: object): PublicKey => {
    const key = readPublicKey(jwk);
    if (key === null) throw new Error('no key');
    return key;
  };
  const ec = read({ ...EC, kid: 'a' });
  const ecPinned = read({ ...EC, x: EC.y, y: EC.x, kid: 'b', alg: 'ES256' });
  const okp = read({ ...OKP, kid: 'a', alg: 'EdDSA' });
  const rsaPss = read({ ...RSA, kid: 'c', alg: 'PS256' });
  const rsa = read({ ...RSA, kid: 'd' });
  const anonymous = read(EC);
  const all = [ec, ecPinned, okp, rsaPss, rsa, anonymous];

  test.each<[string, string | null, JwsAlgorithm, readonly PublicKey[]]>([
    ['the key of that kid and kind', 'a', 'ES256', [ec]],
    ['the key of another kind under the same kid', 'a', 'EdDSA', [okp]],
    ['J-10 a key pinned to the other name of Ed25519', 'a', 'Ed25519', [okp]],
    ['every fitting key when there is no kid', null, 'ES256', [ec, ecPinned, anonymous]],
    ['J-04 no key that is pinned to another algorithm', null, 'RS256', [rsa]],
    ['J-06 a key without alg for what the caller allows', 'd', 'PS256', [rsa]],
    ['J-36 nothing for an unknown kid', '../../etc/passwd', 'ES256', []],
    ['J-36 nothing for an empty kid', '', 'ES256', []],
    ['J-07 nothing for a kid of another kind', 'c', 'ES256', []],
    ['J-67 nothing once the key is gone', 'z', 'ES256', []],
  ])('finds %s', (_, kid, alg, found) => {
    expect(candidateKeys(all, { kid, alg })).toEqual(found);
  });

  test('tries a few keys at most', () => {
    expect(candidateKeys(Array(100).fill(anonymous), { kid: null, alg: 'ES256' })).toHaveLength(5);
  });
});
