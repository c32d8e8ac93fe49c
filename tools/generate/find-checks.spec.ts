import { findChecks } from './find-checks.ts';

const FILE = 'test/conformance/x.e2e-spec.ts';
const only = (text: string, file = FILE) => findChecks(file, text);

it.each<[string, string, object[]]>([
  [
    'a number',
    `it('check 12: twice is refused', f)`,
    [{ check: 12, source: 'RFC 6749 §3.2', sentence: 'twice is refused' }],
  ],
  [
    'a number with its specification',
    `it("check 12, RFC 6749 §9: it's refused", f)`,
    [{ check: 12, source: 'RFC 6749 §9', sentence: "it's refused" }],
  ],
  [
    'a hostile case beside it',
    `{ name: 'check 62, DP-07: a key' }`,
    [{ check: 62, source: 'RFC 9449 §4.3' }],
  ],
  ['a hostile case before it', `{ name: 'X-02, check 39: a type' }`, [{ check: 39, source: 'RFC 8693 §3' }]],
  ['a row of numbers', `it('checks 4 to 6: all', f)`, [{ check: 4 }, { check: 5 }, { check: 6 }]],
  ['two numbers', `it('checks 1 and 2: both', f)`, [{ check: 1 }, { check: 2 }]],
  [
    'places for cases',
    '`check 31: the grant ${type} of $name is %s`',
    [{ sentence: 'the grant … of … is …' }],
  ],
  ['a draft alone', `it('X-19, ID-JAG §4.3: once', f)`, [{ check: null, source: 'ID-JAG §4.3' }]],
  ['a specification alone', `it('RFC 8414 §2: all exist', f)`, [{ check: null, source: 'RFC 8414 §2' }]],
])('finds %s', (_, text, found) => {
  expect(only(text)).toMatchObject(found);
});

it.each([
  ['prose', '// check 12: not a test'],
  ['a number that no check has', `it('check 101: x', f)`],
  ['a number without a sentence', `it('check 12', f)`],
])('passes over %s', (_, text) => {
  expect(only(text)).toEqual([]);
});

it('takes a specification alone for a statement only in the conformance suite', () => {
  expect(only(`it('RFC 8414 §2: all exist', f)`, 'libs/core/x.spec.ts')).toEqual([]);
});
