import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';
import { assertionSigner, type PrivateJwk } from './assertion-signer.ts';

const WHO = { issuer: 'https://broker.example', clientId: 'orders-api' };
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED25519 = generateKeyPairSync('ed25519');
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });

const jwkOf = (key: KeyObject, kid: string): PrivateJwk => ({ ...key.export({ format: 'jwk' }), kid });

describe('assertionSigner', () => {
  it.each([
    { alg: 'ES256', pair: EC },
    { alg: 'EdDSA', pair: ED25519 },
    { alg: 'PS256', pair: RSA },
  ])('signs with $alg so that others can verify it, each time anew', async ({ alg, pair }) => {
    const make = assertionSigner({ ...WHO, privateKey: jwkOf(pair.privateKey, 'k1') });
    const one = await jwtVerify(make(), pair.publicKey, {
      issuer: 'orders-api',
      subject: 'orders-api',
      typ: 'client-authentication+jwt',
      maxTokenAge: 5,
    });
    const other = await jwtVerify(make(), pair.publicKey);
    expect(one.protectedHeader).toMatchObject({ alg, kid: 'k1' });
    expect(one.payload.aud).toBe(WHO.issuer);
    expect(one.payload.exp! - one.payload.iat!).toBeLessThanOrEqual(60);
    expect(one.payload.jti).not.toBe(other.payload.jti);
  });

  it('takes a key object and the id of its key', async () => {
    const make = assertionSigner({ ...WHO, privateKey: EC.privateKey, keyId: 'k2' });
    expect((await jwtVerify(make(), EC.publicKey)).protectedHeader.kid).toBe('k2');
  });

  it.each([
    { name: 'a public key', key: EC.publicKey },
    { name: 'another curve', key: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey },
    { name: 'a key that cannot sign', key: generateKeyPairSync('x25519').privateKey },
  ])('refuses $name', ({ key }) => {
    expect(() => assertionSigner({ ...WHO, privateKey: key })).toThrow(TypeError);
  });
});
