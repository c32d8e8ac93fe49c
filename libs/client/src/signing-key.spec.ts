import { calculateJwkThumbprint, compactVerify, importJWK, type JWK } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { readSigningKey, type PrivateJwk } from './signing-key.ts';
import { signJwt } from './sign-jwt.ts';

const privateJwkOf = (pair: { privateKey: { export(options: { format: 'jwk' }): object } }) =>
  pair.privateKey.export({ format: 'jwk' }) as PrivateJwk;

const EC = privateJwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const ED25519 = privateJwkOf(generateKeyPairSync('ed25519'));
const RSA = privateJwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));

describe('readSigningKey', () => {
  it.each([
    { name: 'P-256', jwk: EC, alg: 'ES256' },
    { name: 'Ed25519', jwk: ED25519, alg: 'EdDSA' },
    { name: 'RSA', jwk: RSA, alg: 'PS256' },
  ])('signs with $name so that others can verify it', async ({ jwk, alg }) => {
    const key = await readSigningKey({ ...jwk, kid: 'k1' });
    expect(key).toMatchObject({ alg, kid: 'k1', thumbprint: await calculateJwkThumbprint(jwk as JWK) });
    expect(Object.keys(key.publicJwk)).not.toContain('d');
    const jws = await signJwt({ header: { typ: 'x' }, payload: { a: 'ü' } }, key);
    const verified = await compactVerify(jws, await importJWK(key.publicJwk as JWK, alg));
    expect(verified.protectedHeader).toEqual({ alg, typ: 'x' });
    expect(JSON.parse(new TextDecoder().decode(verified.payload))).toEqual({ a: 'ü' });
  });

  it('takes a key pair that cannot be exported', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ]);
    const key = await readSigningKey(pair);
    const jws = await signJwt({ header: {}, payload: {} }, key);
    await expect(compactVerify(jws, await importJWK(key.publicJwk as JWK, 'ES256'))).resolves.toBeDefined();
  });

  it.each<{ name: string; jwk: PrivateJwk }>([
    { name: 'a symmetric key', jwk: { kty: 'oct' } },
    { name: 'another curve', jwk: { ...EC, crv: 'P-384' } },
    { name: 'a public key', jwk: { kty: 'EC', crv: 'P-256', x: EC.x!, y: EC.y! } },
  ])('refuses $name', async ({ jwk }) => {
    await expect(readSigningKey(jwk)).rejects.toMatchObject({ code: 'unacceptable_key' });
  });
});
