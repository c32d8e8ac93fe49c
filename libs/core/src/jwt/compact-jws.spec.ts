import fc from 'fast-check';
import { MAX_JWT_CHARS, readCompactJws } from './compact-jws.ts';

const encode = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url');
const json = (value: unknown): string => encode(JSON.stringify(value));
const SIGNATURE = Buffer.alloc(64, 7).toString('base64url');
const HEADER = json({ alg: 'ES256' });
const PAYLOAD = json({ sub: 'ada' });
const withHeader = (text: string): string => `${encode(text)}.${PAYLOAD}.${SIGNATURE}`;
const withPayload = (text: string | Uint8Array): string => `${HEADER}.${encode(text)}.${SIGNATURE}`;

/** CPU time that `work` takes: the least of three, since a busy machine only ever adds to it. */
function cpuMsOf(work: () => void): number {
  const spent = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...spent);
}

describe('readCompactJws', () => {
  test('takes a JWT apart', () => {
    const header = { alg: 'ES256', typ: 'JWT', kid: 'k1' };
    const text = `${json(header)}.${PAYLOAD}.${SIGNATURE}`;
    expect(readCompactJws(text)).toEqual({
      alg: 'ES256',
      typ: 'JWT',
      kid: 'k1',
      header,
      payload: { sub: 'ada' },
      signingInput: `${json(header)}.${PAYLOAD}`,
      signature: Buffer.alloc(64, 7),
    });
  });

  test.each([
    ['no typ and no kid', '{"alg":"ES256"}'],
    ['J-39 unknown members', '{"alg":"ES256","cty":"x","foo":[1],"x5t":"a"}'],
    [
      'J-39 a jwk with kid, alg and use',
      '{"alg":"ES256","jwk":{"kty":"EC","kid":"1","alg":"ES256","use":"sig"}}',
    ],
    ['J-12 a jku that nobody follows', '{"alg":"ES256","jku":"https://evil.test/jwks"}'],
    ['an algorithm that others have to refuse', '{"alg":"none"}'],
    ['a kid of 256 characters', `{"alg":"ES256","kid":"${'k'.repeat(256)}"}`],
    ['blanks around the members', ' { "alg" : "ES256" } '],
  ])('reads a header with %s', (_, header) => {
    expect(readCompactJws(withHeader(header))?.header).toEqual(JSON.parse(header));
  });

  test.each([
    ['J-14 crit with a registered name', '{"alg":"ES256","crit":["exp"],"exp":1}'],
    ['J-14 crit with an unknown name', '{"alg":"ES256","crit":["foo"],"foo":1}'],
    ['J-14 an empty crit', '{"alg":"ES256","crit":[]}'],
    ['J-14 a crit that is a string', '{"alg":"ES256","crit":"x"}'],
    ['J-14 a crit that is null', '{"alg":"ES256","crit":null}'],
    ['J-15 b64 false', '{"alg":"ES256","b64":false}'],
    ['J-15 b64 false, with crit', '{"alg":"ES256","b64":false,"crit":["b64"]}'],
    ['J-15 b64 true', '{"alg":"ES256","b64":true}'],
    ['J-28 alg twice', '{"alg":"none","alg":"ES256"}'],
    ['J-28 typ twice', '{"alg":"ES256","typ":"JWT","typ":"dpop+jwt"}'],
    ['J-28 jwk twice', '{"alg":"ES256","jwk":{},"jwk":{}}'],
    ['J-28 a member twice inside jwk', '{"alg":"ES256","jwk":{"x":"a","x":"b"}}'],
    ['no alg', '{"typ":"JWT"}'],
    ['an alg that is a list', '{"alg":["ES256"]}'],
    ['an alg that is null', '{"alg":null}'],
    ['a typ that is a number', '{"alg":"ES256","typ":1}'],
    ['a typ that is null', '{"alg":"ES256","typ":null}'],
    ['J-36 a kid that is an object', '{"alg":"ES256","kid":{}}'],
    ['J-36 a kid that is a number', '{"alg":"ES256","kid":1}'],
    ['J-36 a kid that is null', '{"alg":"ES256","kid":null}'],
    ['J-36 a kid of 257 characters', `{"alg":"ES256","kid":"${'k'.repeat(257)}"}`],
    ['J-32 a byte order mark', '\ufeff{"alg":"ES256"}'],
    ['J-33 no object: a list', '["ES256"]'],
    ['J-33 no object: null', 'null'],
    ['no JSON', 'alg=ES256'],
    ['J-26 a nesting of 9', `{"alg":"ES256","a":${'['.repeat(8)}${']'.repeat(8)}}`],
  ])('refuses a header with %s', (_, header) => {
    expect(readCompactJws(withHeader(header))).toBeNull();
  });

  test.each<[string, string | Uint8Array]>([
    ['J-33 []', '[]'],
    ['J-33 null', 'null'],
    ['J-33 "x"', '"x"'],
    ['J-33 1', '1'],
    ['J-28 a claim twice', '{"sub":"ada","sub":"eve"}'],
    ['J-61 half a character', '{"sub":"\\ud800"}'],
    ['J-32 a byte order mark', '\ufeff{"sub":"ada"}'],
    ['J-32 UTF-16', Buffer.from('{"sub":"ada"}', 'utf16le')],
    ['J-32 a broken UTF-8 sequence', Buffer.from('7b22737562223a22c322 7d'.replaceAll(' ', ''), 'hex')],
    ['J-32 an overlong quote', Buffer.from('7b22737562223ac0a261c0a27d', 'hex')],
    ['J-32 half a character as UTF-8', Buffer.from('7b22737562223a22eda080227d', 'hex')],
    ['J-26 deep lists', `{"a":${'['.repeat(2500)}${']'.repeat(2500)}}`],
  ])('refuses a payload of %s', (_, payload) => {
    expect(readCompactJws(withPayload(payload))).toBeNull();
    expect(readCompactJws(withPayload('{"sub":"ada"}'))).not.toBeNull();
  });

  test.each([
    ['the empty text', ''],
    ['no dots', 'abc'],
    ['dots only', '..'],
    ['two parts', `${HEADER}.${PAYLOAD}`],
    ['four parts', `${HEADER}.${PAYLOAD}.${SIGNATURE}.${SIGNATURE}`],
    ['J-30 five parts, as a JWE has', `${HEADER}.${PAYLOAD}.${SIGNATURE}.${SIGNATURE}.${SIGNATURE}`],
    ['six parts', Array(6).fill(PAYLOAD).join('.')],
    ['an empty header', `.${PAYLOAD}.${SIGNATURE}`],
    ['an empty payload', `${HEADER}..${SIGNATURE}`],
    ['J-01 an empty signature', `${HEADER}.${PAYLOAD}.`],
    ['a leading dot', `.${HEADER}.${PAYLOAD}.${SIGNATURE}`],
    ['a trailing dot', `${HEADER}.${PAYLOAD}.${SIGNATURE}.`],
    [
      'the flattened JSON serialisation',
      JSON.stringify({ protected: HEADER, payload: PAYLOAD, signature: SIGNATURE }),
    ],
    [
      'the general JSON serialisation',
      JSON.stringify({ payload: PAYLOAD, signatures: [{ protected: HEADER }] }),
    ],
  ])('J-23 refuses %s', (_, text) => {
    expect(readCompactJws(text)).toBeNull();
  });

  test.each([' ', '\t', '\n', '\r', '=', '%3D', '+', '/', '\u0000', '\u00a0'])(
    'J-22 refuses %j before, inside and behind every segment',
    (dirt) => {
      const parts = [HEADER, PAYLOAD, SIGNATURE];
      for (const at of parts.keys()) {
        for (const cut of [0, 4, parts[at]?.length ?? 0]) {
          const dirty = parts.map((part, i) =>
            i === at ? part.slice(0, cut) + dirt + part.slice(cut) : part,
          );
          expect(readCompactJws(dirty.join('.'))).toBeNull();
        }
      }
      expect(readCompactJws(parts.join('.'))).not.toBeNull();
    },
  );

  test('J-22 refuses every other spelling of the last character of a signature', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const head = `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, -1)}`;
    const read = Array.from(alphabet).filter((last) => readCompactJws(head + last) !== null);
    expect(read.join('')).toBe('AQgw');
  });

  test('J-34 a __proto__ claim stays a claim', () => {
    const jws = readCompactJws(withPayload('{"__proto__":{"admin":true}}'));
    expect(jws?.payload['admin']).toBeUndefined();
    expect(Object.keys(jws?.payload ?? {})).toEqual(['__proto__']);
  });

  test('a refused text does not spoil the next one', () => {
    expect(readCompactJws(withPayload(Buffer.from([0x7b, 0xc3])))).toBeNull();
    expect(readCompactJws(withPayload('{"sub":"\u00e4"}'))?.payload).toEqual({ sub: '\u00e4' });
  });

  test('J-24 looks at 8192 characters and at no more', () => {
    const rest = withPayload('{"a":""}').length;
    const bytes = Math.floor(((MAX_JWT_CHARS - rest) * 3) / 4) - 2;
    expect(readCompactJws(withPayload(`{"a":"${'x'.repeat(bytes)}"}`))).not.toBeNull();
    expect(readCompactJws(withPayload(`{"a":"${'x'.repeat(bytes + 8)}"}`))).toBeNull();
  });

  test.each([
    ['J-24 a header of 100 kB', withHeader(`{"alg":"ES256","a":"${'x'.repeat(100_000)}"}`), 5],
    ['J-24 a payload of 1 MB', withPayload(`{"a":"${'x'.repeat(1_000_000)}"}`), 5],
    ['J-24 a token of 5 MB', 'x'.repeat(5_000_000), 5],
    ['J-25 10^6 dots', '.'.repeat(1_000_000), 5],
    ['J-26 10^5 nested arrays', withPayload(`{"a":${'['.repeat(100_000)}`), 5],
    ['J-26 as many arrays as fit', withPayload(`{"a":${'['.repeat(5900)}`), 5],
    ['J-25 as many dots as fit', '.'.repeat(MAX_JWT_CHARS), 5],
  ])('refuses %s at little cost', (_, text, ms) => {
    let read: unknown = 'unread';
    const spent = cpuMsOf(() => (read = readCompactJws(text)));
    expect(read).toBeNull();
    expect(spent).toBeLessThan(ms);
  });

  test('J-68 reads as many escapes as fit within 5 ms', () => {
    const text = withPayload(`{"a":"${'\\u0061'.repeat(980)}","b":[${'"x",'.repeat(2)}0]}`);
    let read: unknown = null;
    const spent = cpuMsOf(() => (read = readCompactJws(text)));
    expect(read).not.toBeNull();
    expect(spent).toBeLessThan(5);
  });

  test('property: one changed character never makes the same JWT', () => {
    const text = `${json({ alg: 'ES256', kid: 'k' })}.${PAYLOAD}.${SIGNATURE}`;
    const honest = readCompactJws(text);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ unit: 'binary', maxLength: 2 }), (at, other) => {
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        fc.pre(changed !== text);
        const read = readCompactJws(changed);
        if (read === null) return;
        const isSame = read.signingInput === honest?.signingInput;
        expect(isSame && Buffer.from(read.signature).equals(honest.signature)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
