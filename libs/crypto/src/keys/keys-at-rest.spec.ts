import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { JWK } from 'node-jose';
import type { KeyUse, StoredKey } from '#core';
import { readKek } from './kek.ts';
import { KeyDoesNotOpen, KeysAtRest } from './keys-at-rest.ts';

const NOW = 1_800_000_000_000;
const kekOf = (text: string) => readKek(createHash('sha256').update(text).digest('base64url'));
const KEK = kekOf('kek');

async function makeTwo() {
  const atRest = await KeysAtRest.under(KEK);
  const make = (use: KeyUse) => atRest.make({ use, createdAt: NOW, activeFrom: NOW + 1 });
  return { atRest, seal: await make('seal'), other: await make('seal'), sign: await make('sign') };
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe(KeysAtRest.name, () => {
  test('a sealing key is 256 random bits under a kid that says nothing of them', async () => {
    const { atRest, seal, other } = await makeTwo();
    const [one, two] = await Promise.all([atRest.open(seal), atRest.open(other)]);
    if (one.use !== 'seal' || two.use !== 'seal') throw new Error('wrong use');
    expect(one).toMatchObject({ kid: seal.kid, createdAt: NOW, activeFrom: NOW + 1 });
    expect(one.secret.symmetricKeySize).toBe(32);
    expect(one.secret.equals(two.secret)).toBe(false);
    expect(one.kid).toMatch(/^[\w-]{12}$/);
  });

  test('the kid of a signing key is its thumbprint', async () => {
    const { atRest, sign } = await makeTwo();
    const opened = await atRest.open(sign);
    if (opened.use !== 'sign') throw new Error('wrong use');
    const { kty, crv, x, y } = opened.publicJwk;
    const key = await JWK.asKey({ kty, crv, x, y });
    expect(Buffer.from(await key.thumbprint('SHA-256')).toString('base64url')).toBe(sign.kid);
  });

  test('what is stored holds no secret in the clear, and opens with jose under the key-encryption key', async () => {
    const { atRest, seal } = await makeTwo();
    const opened = await atRest.open(seal);
    if (opened.use !== 'seal') throw new Error('wrong use');
    const k = opened.secret.export().toString('base64url');
    expect(JSON.stringify(seal)).not.toContain(k);
    const { plaintext, protectedHeader } = await compactDecrypt(seal.sealedJwk, KEK.key.export());
    expect(protectedHeader).toMatchObject({ alg: 'A256GCMKW', enc: 'A256GCM', kid: 'kek' });
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toMatchObject({ kty: 'oct', kid: seal.kid, k });
  });

  test('another key-encryption key opens nothing, and the error names the key and no secret', async () => {
    const { seal } = await makeTwo();
    const stranger = await KeysAtRest.under(kekOf('another'));
    await expect(stranger.open(seal)).rejects.toThrow(KeyDoesNotOpen);
    await expect(stranger.open(seal)).rejects.toThrow(seal.kid);
  });

  type Made = Awaited<ReturnType<typeof makeTwo>>;
  test.each<[string, (made: Made) => Partial<StoredKey>]>([
    ["another row's key", ({ other }) => ({ sealedJwk: other.sealedJwk })],
    ['another kid', () => ({ kid: 'another' })],
    ['another use', () => ({ use: 'sign' })],
    ["a signing key's JWK", ({ sign }) => ({ sealedJwk: sign.sealedJwk, kid: sign.kid })],
    ['nothing', () => ({ sealedJwk: '' })],
    ['its end cut off', ({ seal }) => ({ sealedJwk: seal.sealedJwk.slice(0, -4) })],
    ['something after it', ({ seal }) => ({ sealedJwk: `${seal.sealedJwk}.AAAA` })],
    ['a megabyte after it', ({ seal }) => ({ sealedJwk: seal.sealedJwk + 'A'.repeat(1_000_000) })],
    [
      'a header that demands costly work',
      ({ seal }) => ({
        sealedJwk: encode({
          alg: 'PBES2-HS256+A128KW',
          enc: 'A256GCM',
          p2c: 2e9,
          p2s: 'AAAA',
          kid: 'kek',
        }).concat(seal.sealedJwk.slice(seal.sealedJwk.indexOf('.'))),
      }),
    ],
  ])('a row that was given %s does not open', async (_, tampered) => {
    const made = await makeTwo();
    await expect(made.atRest.open({ ...made.seal, ...tampered(made) })).rejects.toThrow(KeyDoesNotOpen);
    await expect(made.atRest.open(made.seal)).resolves.toMatchObject({ kid: made.seal.kid });
  });

  test.each([
    ['a short secret', { kty: 'oct', k: Buffer.alloc(16, 1).toString('base64url') }],
    ['a secret in another alphabet', { kty: 'oct', k: Buffer.alloc(32, 255).toString('base64') }],
    ['no secret', { kty: 'oct' }],
    ['a secret that is a number', { kty: 'oct', k: 5 }],
  ])('a JWK with %s is no sealing key, even under the right key-encryption key', async (_, jwk) => {
    const { atRest, seal } = await makeTwo();
    const sealedJwk = await new CompactEncrypt(Buffer.from(JSON.stringify({ ...jwk, kid: seal.kid })))
      .setProtectedHeader({ alg: 'A256GCMKW', enc: 'A256GCM', kid: 'kek' })
      .encrypt(KEK.key.export());
    await expect(atRest.open({ ...seal, sealedJwk })).rejects.toThrow(KeyDoesNotOpen);
  });
});
