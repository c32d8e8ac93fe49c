import { createHash } from 'node:crypto';
import {
  isOfNoContent,
  isSameContent,
  parseContentDigestField,
  readContentDigest,
} from './content-digest.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
const sha512 = (text: string): string => createHash('sha512').update(text).digest('base64');
const A = sha256('a');
const A512 = sha512('a');

describe('readContentDigest', () => {
  test.each([
    ['one sha-256', { 'sha-256': A }],
    ['one sha-512', { 'sha-512': A512 }],
    ['both', { 'sha-256': A, 'sha-512': A512 }],
  ])('reads %s', (_, value) => {
    expect(readContentDigest(value)).toEqual(value);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a string', A],
    ['a list', [A]],
    ['nothing', {}],
    ['check 56 md5', { md5: 'XUFAKrxLKna5cZ2REBfFkg==' }],
    ['sha-1', { sha: A }],
    ['a good and an unknown algorithm', { 'sha-256': A, md5: 'AA==' }],
    ['the algorithm in capitals', { 'SHA-256': A }],
    ['__proto__', JSON.parse(`{"__proto__":"${A}"}`)],
    ['constructor', { constructor: A }],
    ['base64url', { 'sha-256': A.replaceAll('+', '-').replaceAll('/', '_') }],
    ['no padding', { 'sha-256': A.replace('=', '') }],
    ['hex', { 'sha-256': createHash('sha256').update('a').digest('hex') }],
    ['set trailing bits', { 'sha-256': A.replace(/.=$/, '9=') }],
    ['a blank', { 'sha-256': `${A} ` }],
    ['a newline inside', { 'sha-256': `${A.slice(0, 9)}\n${A.slice(9)}` }],
    ['colons around it', { 'sha-256': `:${A}:` }],
    ['the digest of the other algorithm', { 'sha-256': A512 }],
    ['too short a digest', { 'sha-512': A }],
    ['a number', { 'sha-256': 1 }],
    ['a list of digests', { 'sha-256': [A] }],
  ])('refuses %s', (_, value) => {
    expect(readContentDigest(value)).toBeNull();
  });
});

describe('parseContentDigestField', () => {
  test.each([
    ['one member', `sha-256=:${A}:`, { 'sha-256': A }],
    ['two members', `sha-256=:${A}:, sha-512=:${A512}:`, { 'sha-256': A, 'sha-512': A512 }],
    ['no blanks', `sha-512=:${A512}:,sha-256=:${A}:`, { 'sha-256': A, 'sha-512': A512 }],
    ['an old algorithm beside it', `md5=:XUFAKrxLKna5cZ2REBfFkg==:, sha-256=:${A}:`, { 'sha-256': A }],
    ['a key that every object has', `constructor=:AA==:, sha-256=:${A}:`, { 'sha-256': A }],
  ])('reads %s', (_, field, digests) => {
    expect(parseContentDigestField(field)).toEqual(digests);
  });

  test.each([
    ['nothing', ''],
    ['an old algorithm alone', 'md5=:XUFAKrxLKna5cZ2REBfFkg==:'],
    ['no colons', `sha-256=${A}`],
    ['a string', `sha-256="${A}"`],
    ['one algorithm twice', `sha-256=:${A}:, sha-256=:${sha256('b')}:`],
    ['a wrong length', 'sha-256=:AAAA:'],
    ['base64url', `sha-256=:${A.replaceAll('+', '-').replaceAll('/', '_')}:`],
    ['the algorithm in capitals', `SHA-256=:${A}:`],
    ['a parameter', `sha-256=:${A}:;a=1`],
    ['a trailing comma', `sha-256=:${A}:,`],
    ['a leading comma', `,sha-256=:${A}:`],
    ['a newline', `sha-256=:${A}:\n`],
    ['more than a field has', `${'md5=:AA==:,'.repeat(60)}sha-256=:${A}:`],
  ])('refuses %s', (_, field) => {
    expect(parseContentDigestField(field)).toBeNull();
  });
});

describe('isSameContent', () => {
  const B = sha256('b');
  test.each([
    ['I-38 the same digest', { 'sha-256': A }, { 'sha-256': A }, true],
    ['another digest', { 'sha-256': A }, { 'sha-256': B }, false],
    [
      'two algorithms that both agree',
      { 'sha-256': A, 'sha-512': A512 },
      { 'sha-256': A, 'sha-512': A512 },
      true,
    ],
    ['one of two permitted', { 'sha-256': A, 'sha-512': A512 }, { 'sha-512': A512 }, true],
    ['one more than permitted', { 'sha-256': A }, { 'sha-256': A, 'sha-512': A512 }, true],
    ['one of two that differs', { 'sha-256': A, 'sha-512': A512 }, { 'sha-256': B, 'sha-512': A512 }, false],
    ['no algorithm in common', { 'sha-256': A }, { 'sha-512': A512 }, false],
    ['nothing told', { 'sha-256': A }, {}, false],
    ['nothing permitted and nothing told', {}, {}, false],
  ])('%s: %#', (_, permitted, told, same) => {
    expect(isSameContent(permitted, told)).toBe(same);
  });
});

test('knows a request without a body', () => {
  expect(isOfNoContent({ 'sha-256': sha256('') })).toBe(true);
  expect(isOfNoContent({ 'sha-512': sha512('') })).toBe(true);
  expect(isOfNoContent({ 'sha-256': sha256(''), 'sha-512': A512 })).toBe(false);
  expect(isOfNoContent({ 'sha-256': A })).toBe(false);
  expect(isOfNoContent({})).toBe(false);
});
