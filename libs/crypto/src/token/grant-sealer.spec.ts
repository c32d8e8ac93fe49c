import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { compactDecrypt } from 'jose';
import { MAX_TOKEN_CHARS, TOKEN_PREFIX, Unavailable, type Grant, type Unsealed } from '#core';
import { MemoryKeyStore } from '#testing';
import { readKek } from '../keys/kek.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { GrantSealer } from './grant-sealer.ts';

const NOW = 1_800_000_000_000;
const GRANT: Grant = {
  iss: 'https://broker.example',
  aud: 'https://api.example/v1',
  sub: 'ada',
  sub_iss: 'https://idp.example',
  client_id: 'shop',
  jti: '01a2b3c4-d5e6-7890-abcd-ef0123456789',
  ledger: 'main',
  inc: '42',
  iat: 1_800_000_000,
  exp: 1_800_000_015,
  cnf: { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' },
  authorization_details: [
    {
      type: 'http_operation',
      locations: ['https://api.example/v1'],
      actions: ['POST'],
      target_uri: 'https://api.example/v1/orders/42/refund',
    },
  ],
  scope: 'orders.refund',
  txn: 'txn-1',
  release: 7,
  policies: ['support-refunds'],
  uses: 1,
};

function openRing(store: MemoryKeyStore, kek = 'kek'): Promise<KeyRing> {
  return KeyRing.open({
    store,
    kek: readKek(createHash('sha256').update(kek).digest('base64url')),
    policy: { activeForMs: 3_600_000, publishedForMs: 600_000, keptForMs: 600_000 },
    clock: { now: () => NOW },
    onProblem: () => undefined,
  });
}

let store: MemoryKeyStore;
let ring: KeyRing;
let sealer: GrantSealer;
beforeAll(async () => {
  store = new MemoryKeyStore();
  ring = await openRing(store);
  sealer = new GrantSealer(ring);
});
afterAll(() => ring.close());

function refused(unsealed: Unsealed): string | null {
  return 'refused' in unsealed ? unsealed.refused : null;
}

/** Flips the case of a letter, changes every other character into another of the alphabet. */
function otherCharacter(char: string): string {
  const flipped = char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase();
  return flipped === char ? (char === '0' ? '1' : '0') : flipped;
}

describe(GrantSealer.name, () => {
  test('a token opens into the grant that was sealed', async () => {
    const token = sealer.seal(GRANT);
    expect(token).toMatch(/^once_[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(await sealer.unseal(token)).toEqual({ opened: GRANT });
  });

  test('grants of any text and length open again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 64 }), async (sub) => {
        expect(await sealer.unseal(sealer.seal({ ...GRANT, sub }))).toEqual({ opened: { ...GRANT, sub } });
      }),
      { numRuns: 200 },
    );
  });

  test('jose opens it with the key: it is a JWE as others write them', async () => {
    const jwe = sealer.seal(GRANT).slice(TOKEN_PREFIX.length);
    const key = ring.sealingKey();
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, key.secret.export());
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid: key.kid });
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual(GRANT);
  });

  test('no two tokens of one grant are alike, nor their IVs', () => {
    const tokens = Array.from({ length: 2000 }, () => sealer.seal(GRANT));
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(new Set(tokens.map((token) => token.split('.')[2])).size).toBe(tokens.length);
  });

  test('nothing of the grant can be read from the token', () => {
    const segments = sealer
      .seal(GRANT)
      .split('.')
      .map((segment) => Buffer.from(segment, 'base64url').toString('latin1'));
    expect(segments.join()).not.toMatch(/ada|shop|orders/);
  });

  test('every prefix and every suffix of a live token is refused', async () => {
    const token = sealer.seal(GRANT);
    for (let at = 0; at < token.length; at++) {
      expect(refused(await sealer.unseal(token.slice(0, at)))).not.toBeNull();
      if (at > 0) expect(refused(await sealer.unseal(token.slice(at)))).not.toBeNull();
    }
  });

  test('every character of a live token counts, its case too', async () => {
    const token = sealer.seal(GRANT);
    for (let at = 0; at < token.length; at++) {
      const changed = token.slice(0, at) + otherCharacter(token.charAt(at)) + token.slice(at + 1);
      expect(refused(await sealer.unseal(changed))).not.toBeNull();
    }
  });

  test('any change of one character, any insertion and any removal is refused', async () => {
    const token = sealer.seal(GRANT);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\t%\u0000é';
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...alphabet.split('')),
        fc.constantFrom('change', 'insert', 'remove'),
        async (at, char, how) => {
          const tail = token.slice(how === 'insert' ? at : at + 1);
          const changed = token.slice(0, at) + (how === 'remove' ? '' : char) + tail;
          fc.pre(changed !== token);
          expect(refused(await sealer.unseal(changed))).not.toBeNull();
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each(['A', '=', '.', '.A', '..', ' ', '\n', '\u0000', '%3D', '#', '?'])(
    'a live token with %j after or before it is refused',
    async (extra) => {
      const token = sealer.seal(GRANT);
      expect(refused(await sealer.unseal(token + extra))).toBe('token.malformed');
      expect(refused(await sealer.unseal(extra + token))).toBe('token.malformed');
    },
  );

  test('every other last character that spells the same bytes is refused', async () => {
    const token = sealer.seal(GRANT);
    const bytes = Buffer.from(token.slice(-22), 'base64url');
    const spellings = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      .split('')
      .map((char) => token.slice(0, -1) + char)
      .filter((one) => one !== token && Buffer.from(one.slice(-22), 'base64url').equals(bytes));
    expect(spellings).toHaveLength(15);
    for (const one of spellings) expect(refused(await sealer.unseal(one))).toBe('token.malformed');
  });

  const withHeader = (header: string) =>
    `once_${Buffer.from(header).toString('base64url')}${sealer.seal(GRANT).slice(sealer.seal(GRANT).indexOf('.'))}`;

  test.each<[string, () => string, string]>([
    [
      'the kid of the signing key',
      () => withHeader(`{"alg":"dir","enc":"A256GCM","kid":"${ring.signingKey().kid}"}`),
      'token.unknown_key',
    ],
    [
      'a kid that nobody has',
      () => withHeader('{"alg":"dir","enc":"A256GCM","kid":"nobody"}'),
      'token.unknown_key',
    ],
    ['a tag of zeros', () => `${sealer.seal(GRANT).slice(0, -22)}${'A'.repeat(22)}`, 'token.forged'],
    ['a tag of 12 bytes', () => sealer.seal(GRANT).slice(0, -6), 'token.malformed'],
    [
      'the tag of another token',
      () => sealer.seal(GRANT).slice(0, -22) + sealer.seal(GRANT).slice(-22),
      'token.forged',
    ],
    [
      'the IV of another token',
      () => {
        const [header = '', , , ...rest] = sealer.seal(GRANT).split('.');
        return [header, '', sealer.seal(GRANT).split('.')[2], ...rest].join('.');
      },
      'token.forged',
    ],
  ])('a token with %s is refused', async (_, token, reason) => {
    expect(refused(await sealer.unseal(token()))).toBe(reason);
    expect(await sealer.unseal(sealer.seal(GRANT))).toEqual({ opened: GRANT });
  });

  test('the token of another broker is not known here', async () => {
    const stranger = await openRing(new MemoryKeyStore(), 'another kek');
    expect(refused(await sealer.unseal(new GrantSealer(stranger).seal(GRANT)))).toBe('token.unknown_key');
    stranger.close();
  });

  test('a token of another broker on the same ring opens', async () => {
    const other = await openRing(store);
    expect(await sealer.unseal(new GrantSealer(other).seal(GRANT))).toEqual({ opened: GRANT });
    other.close();
  });

  test('a grant that would not be looked at when it comes back is not sealed', () => {
    expect(() => sealer.seal({ ...GRANT, sub: 'x'.repeat(MAX_TOKEN_CHARS) })).toThrow(RangeError);
  });

  test('a ring that is not confirmed is neither a yes nor a no', () => {
    const away = () => {
      throw new Unavailable('key ring');
    };
    const broken = new GrantSealer({ sealingKey: away, sealingKeyById: away, findSealingKey: away });
    const unavailable = expect.objectContaining({ reason: 'broker.unavailable' });
    expect(() => broken.seal(GRANT)).toThrow(unavailable);
    expect(() => broken.unseal(sealer.seal(GRANT))).toThrow(unavailable);
  });
});
