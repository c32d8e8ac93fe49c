import fc from 'fast-check';

/** One change of a JSON document, at one of its members or elements. */
export interface JsonMutation {
  readonly change: 'remove' | 'replace' | 'rename' | 'add' | 'twice' | 'nest';
  readonly place: number;
  readonly name: string;
  /** JSON text, which need not be JSON. */
  readonly value: string;
}

const NAMES = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'alg',
  'typ',
  'kid',
  'crit',
  'b64',
  'jwk',
  'x5c',
  'act',
  'may_act',
  'cnf',
  'htm',
  'htu',
  'ath',
  'nonce',
  'type',
  'locations',
  'actions',
  'target_uri',
];

const VALUES = [
  'null',
  'true',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '0',
  '-1',
  '1e308',
  '1e999',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '""""',
  '{',
  '"https://evil.test"',
  `"${'x'.repeat(5_000)}"`,
  `${'['.repeat(200)}${']'.repeat(200)}`,
  '9'.repeat(400),
];

export const jsonMutation: fc.Arbitrary<JsonMutation> = fc.record({
  change: fc.constantFrom('remove', 'replace', 'rename', 'add', 'twice', 'nest'),
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  name: fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 6 })),
  value: fc.oneof(fc.constantFrom(...VALUES), fc.json({ maxDepth: 2 })),
});

type Member = readonly [name: string, value: string];

/** The changed document as text. Only its first object is changed: that is where everything is. */
export function mutateJson(text: string, { change, place, name, value }: JsonMutation): string {
  const isList = text.startsWith('[');
  const document = JSON.parse(text) as Record<string, unknown> | [Record<string, unknown>];
  const object = Array.isArray(document) ? document[0] : document;
  const members = Object.entries(object).map(([key, one]): Member => [key, JSON.stringify(one)]);
  const at = Math.min(members.length - 1, Math.floor(place * members.length));
  const [key, old] = members[at] ?? ['', 'null'];
  const changed: Member[] = [...members];
  switch (change) {
    case 'remove':
      changed.splice(at, 1);
      break;
    case 'replace':
      changed[at] = [key, value];
      break;
    case 'rename':
      changed[at] = [name, old];
      break;
    case 'add':
      changed.splice(at, 0, [name, value]);
      break;
    case 'twice':
      changed.splice(at, 0, [key, value]);
      break;
    case 'nest':
      changed[at] = [key, `[${old}]`];
      break;
  }
  const written = `{${changed.map(([one, json]) => `${JSON.stringify(one)}:${json}`).join(',')}}`;
  return isList ? `[${written}]` : written;
}
