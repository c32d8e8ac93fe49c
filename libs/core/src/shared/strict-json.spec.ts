import fc from 'fast-check';
import { isJsonObject, isSameJson, readStrictJson, readStrictJsonObject } from './strict-json.ts';

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

describe('readStrictJson', () => {
  test.each([
    ['the empty object', '{}'],
    ['blanks between everything', ' { "a" : [ 1 , 2 ] , "b" : { } } '],
    ['a name that is also a value', '{"a":"a","b":"a"}'],
    ['one name in two objects', '{"a":{"a":1},"b":{"a":1}}'],
    ['one name in the objects of a list', '[{"a":1},{"a":2}]'],
    ['names that differ in case only', '{"alg":1,"ALG":2}'],
    ['names that differ in Unicode form only', '{"\u00e9":1,"e\u0301":2}'],
    ['structure inside strings', '{"a":"{\\"a\\":[:,","b":"\\\\"}'],
    ['a quote and backslashes in a name', '{"a\\"b":1,"a\\\\":2,"a\\\\\\"":3}'],
    ['a whole character beyond the basic plane, escaped', '{"a":"\\ud83d\\ude00"}'],
    ['a whole character beyond the basic plane, as it is', '{"a":"\u{1f600}"}'],
    ['an escaped backslash before a u', '{"a":"\\\\ud800"}'],
    ['the empty name', '{"":1}'],
    ['a bare string', '"x"'],
    ['a bare null', 'null'],
  ])('reads %s as JSON.parse does', (_, text) => {
    expect(readStrictJson(text)).toEqual({ value: JSON.parse(text) as unknown });
  });

  test.each([
    ['J-28 alg twice', '{"alg":"none","alg":"ES256"}'],
    ['J-28 a name again after an object', '{"a":{"x":1},"a":2}'],
    ['J-28 a name again after a list', '{"a":[1,{"b":2}],"a":2}'],
    ['J-28 a repeated name deep inside', '{"a":[{"b":{"c":1,"c":1}}]}'],
    ['J-28 a repeated object that hides its own repetition', '{"a":{"b":1,"b":2},"a":{"c":1}}'],
    ['J-28 a name repeated through an escape', '{"alg":1,"\\u0061lg":2}'],
    ['J-28 a name repeated through another escape', '{"a/b":1,"a\\/b":2}'],
    ['J-28 the empty name twice', '{"":1,"":2}'],
    ['J-28 __proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['J-28 a repeated index-like name', '{"0":1,"0":2}'],
    ['J-61 half a character in a value', '{"sub":"\\ud800"}'],
    ['J-61 halves in the wrong order', '{"sub":"\\ude00\\ud83d"}'],
    ['J-61 half a character in a name', '{"\\udc00":1}'],
    ['J-61 half a character deep inside', '[{"a":["\\uDBFFx"]}]'],
    ['J-61 half a character as it is', '{"sub":"\ud800"}'],
    ['J-32 a byte order mark', '\ufeff{}'],
    ['J-33 the empty text', ''],
    ['blanks only', ' \n'],
    ['two documents', '{}{}'],
    ['a trailing comma', '{"a":1,}'],
    ['an open string', '{"a'],
    ['an open string that ends in a backslash', '{"a\\"'],
    ['an open object', '{"a":1'],
    ['a close bracket too many', '{}}'],
    ['a mixed pair of brackets', '{"a":[1}]'],
    ['a control character in a string', '{"a":"\u0000"}'],
    ['a comment', '{"a":1/**/}'],
    ['NaN', '{"a":NaN}'],
    ['a single-quoted name', "{'a':1}"],
    ['a broken escape', '{"a":"\\u00g0"}'],
  ])('refuses %s', (_, text) => {
    expect(readStrictJson(text)).toBeNull();
  });

  test('J-26 counts depth from the outermost array or object', () => {
    expect(readStrictJson('[[1]]', { maxDepth: 2 })).toEqual({ value: [[1]] });
    expect(readStrictJson('[[[1]]]', { maxDepth: 2 })).toBeNull();
    expect(readStrictJson('{"a":{"b":{}}}', { maxDepth: 2 })).toBeNull();
    expect(readStrictJson('[[1],[2],[3],{"a":1}]', { maxDepth: 2 })).not.toBeNull();
  });

  test('J-34 keeps __proto__ as a member and pollutes nothing', () => {
    const read = readStrictJsonObject(
      '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}',
    );
    expect(Object.keys(read ?? {})).toEqual(['__proto__', 'constructor']);
    expect(read?.['admin']).toBeUndefined();
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  test.each([
    ['J-26 10^5 open arrays', '['.repeat(100_000)],
    ['J-26 10^5 nested arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['J-26 10^5 nested objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['J-25 10^6 dots', '.'.repeat(1_000_000)],
    ['10^6 quotes', '"'.repeat(1_000_000)],
    ['10^6 backslashes in a string', `"${'\\'.repeat(999_999)}"`],
    ['10^5 escaped quotes', `"${'\\"'.repeat(100_000)}`],
  ])('refuses %s within 20 ms', (_, text) => {
    let read: unknown = 'unread';
    const spent = cpuMsOf(() => (read = readStrictJson(text)));
    expect(read).toBeNull();
    expect(spent).toBeLessThan(20);
  });

  test.each([
    ['J-68 10^5 escapes in one string', `{"a":"${'\\u0061'.repeat(100_000)}"}`],
    ['J-68 a number of 10^5 digits', `{"a":${'9'.repeat(100_000)}}`],
    ['20 000 short strings', JSON.stringify(Array.from({ length: 20_000 }, () => 'ab'))],
    [
      '20 000 short strings and one escape at the end',
      JSON.stringify([...Array(20_000).fill('ab'), '\u0001']),
    ],
    [
      '5 000 members',
      JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`m${n}`, n]))),
    ],
  ])('J-68 reads %s within 50 ms', (_, text) => {
    let read: unknown = null;
    const spent = cpuMsOf(() => (read = readStrictJson(text)));
    expect(read).not.toBeNull();
    expect(spent).toBeLessThan(50);
  });

  test('property: what JSON.stringify writes is read back, whatever is in it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: 'grapheme' }), (value) => {
        const text = JSON.stringify(value);
        expect(readStrictJson(text)).toEqual({ value: JSON.parse(text) as unknown });
      }),
      { numRuns: 500 },
    );
  });

  test('property: a member written twice is refused wherever it stands and however its name is spelt', () => {
    const escaped = (name: string): string =>
      `"${[...Array(name.length).keys()].map((at) => `\\u${name.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), {
          minKeys: 1,
        }),
        fc.nat(),
        fc.boolean(),
        (members, pick, inside) => {
          const names = Object.keys(members);
          const name = names[pick % names.length] ?? '';
          const body = names.map((one) => `${JSON.stringify(one)}:${JSON.stringify(members[one])}`).join(',');
          const twice = `{${body},${escaped(name)}:0}`;
          expect(readStrictJson(`{${body}}`)).not.toBeNull();
          expect(readStrictJson(inside ? `[1,{"x":${twice}}]` : twice)).toBeNull();
        },
      ),
      { numRuns: 500 },
    );
  });

  test('property: never throws and never accepts what JSON.parse refuses', () => {
    const soup = fc.string({ unit: fc.constantFrom(...Array.from('{}[]:,"\\u0d8 \n1-ea')), maxLength: 40 });
    fc.assert(
      fc.property(soup, (text) => {
        const read = readStrictJson(text);
        if (read !== null) expect(read.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 3000 },
    );
  });
});

test('readStrictJsonObject takes objects only', () => {
  expect(readStrictJsonObject('{"a":1}')).toEqual({ a: 1 });
  for (const text of ['[]', 'null', '"x"', '1', 'true', '', '[{}]']) {
    expect(readStrictJsonObject(text)).toBeNull();
  }
});

test('isJsonObject tells objects from lists and null', () => {
  expect(isJsonObject({})).toBe(true);
  for (const value of [[], null, undefined, 'x', 1]) expect(isJsonObject(value)).toBe(false);
});

describe('isSameJson', () => {
  test.each<[string, string, boolean]>([
    ['{"a":1,"b":[1,{"c":null}]}', '{"b":[1,{"c":null}],"a":1}', true],
    ['[]', '[]', true],
    ['[1,2]', '[2,1]', false],
    ['[]', '{}', false],
    ['{}', 'null', false],
    ['{"a":1}', '{"a":1,"b":1}', false],
    ['{"a":1}', '{"b":1}', false],
    ['{"__proto__":1}', '{"a":1}', false],
    ['"1"', '1', false],
  ])('of %s and %s is %s', (a, b, expected) => {
    expect([isSameJson(JSON.parse(a), JSON.parse(b)), isSameJson(JSON.parse(b), JSON.parse(a))]).toEqual([
      expected,
      expected,
    ]);
  });
});
