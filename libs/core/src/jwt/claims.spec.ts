import fc from 'fast-check';
import { isAlive, readAudiences, readLifetime, readName, readNumericDate } from './claims.ts';

describe('readName', () => {
  test.each([
    ['a plain id', '248289761001'],
    ['one character', 'a'],
    ['exactly 256 characters', 'x'.repeat(256)],
    ['a blank inside', 'Ada Lovelace'],
    ['another script', '\u0410\u0434\u0430'],
    ['a character beyond the basic plane', '\u{1f600}'],
    ['what looks like a path', '../../etc/passwd'],
    ['what looks like SQL', "' OR 1=1--"],
  ])('reads %s unchanged', (_, value) => {
    expect(readName(value)).toBe(value);
  });

  test.each<[string, unknown]>([
    ['the empty string', ''],
    ['a number', 1],
    ['an array', ['a']],
    ['an object', { a: 1 }],
    ['null', null],
    ['a missing one', undefined],
    ['257 characters', 'x'.repeat(257)],
    ['10 kB', 'x'.repeat(10_240)],
    ['NUL', 'a\u0000b'],
    ['a newline inside', 'a\nb'],
    ['a newline at the end', 'a\n'],
    ['DEL', 'a\u007f'],
    ['a C1 control', 'a\u0085b'],
    ['a line separator', 'a\u2028b'],
    ['a leading blank', ' a'],
    ['a trailing blank', 'a '],
    ['a trailing no-break space', 'a\u00a0'],
    ['a leading byte order mark', '\ufeffa'],
    ['a blank only', ' '],
  ])('J-61, J-62 refuses %s', (_, value) => {
    expect(readName(value)).toBeNull();
  });

  test('counts against the bound that it is given', () => {
    expect(readName('abc', 3)).toBe('abc');
    expect(readName('abcd', 3)).toBeNull();
  });

  test('J-62 leaves names apart that differ in case or Unicode form only', () => {
    expect(readName('\u00e9')).not.toBe(readName('e\u0301'));
    expect(readName('ID')).not.toBe(readName('id'));
  });
});

describe('readNumericDate', () => {
  test.each([
    [0, 0],
    [1_790_000_000, 1_790_000_000],
    [1_790_000_000.5, 1_790_000_000],
    [253_402_300_799, 253_402_300_799],
    [253_402_300_799.9, 253_402_300_799],
  ])('J-52 reads %d as %d', (value, seconds) => {
    expect(readNumericDate(value)).toBe(seconds);
  });

  test.each<[string, unknown]>([
    ['a string', '1790000000'],
    ['null', null],
    ['a boolean', true],
    ['an array', [1_790_000_000]],
    ['an object', {}],
    ['a negative time', -1],
    ['1e300', 1e300],
    ['1e999, which JSON.parse makes infinite', JSON.parse('1e999')],
    ['NaN', Number.NaN],
    ['the year 10000', 253_402_300_800],
  ])('J-50, J-55 refuses %s', (_, value) => {
    expect(readNumericDate(value)).toBeNull();
  });
});

describe('readAudiences', () => {
  test('reads one audience and a list of them', () => {
    expect(readAudiences('orders')).toEqual(['orders']);
    expect(readAudiences(['orders'])).toEqual(['orders']);
    expect(readAudiences(['orders', 'other'])).toEqual(['orders', 'other']);
    expect(readAudiences(Array(16).fill('a'))).toHaveLength(16);
  });

  test.each<[string, unknown]>([
    ['a missing one', undefined],
    ['null', null],
    ['the empty string', ''],
    ['an empty list', []],
    ['a nested list', [['orders']]],
    ['an object', { 0: 'orders', length: 1 }],
    ['a number', 1],
    ['a list with a number', ['orders', 1]],
    ['a list with an empty string', ['orders', '']],
    ['17 audiences', Array(17).fill('a')],
  ])('J-58 refuses %s', (_, value) => {
    expect(readAudiences(value)).toBeNull();
  });
});

describe('readLifetime', () => {
  test('reads what is there and keeps silence as null', () => {
    expect(readLifetime({})).toEqual({ exp: null, nbf: null, iat: null });
    expect(readLifetime({ exp: 3.9, nbf: 1, iat: 2 })).toEqual({ exp: 3, nbf: 1, iat: 2 });
  });

  test.each(['exp', 'nbf', 'iat'])('J-50 refuses a payload whose %s is there and no time', (name) => {
    for (const value of [null, '1', -1, 1e300, [], {}, true])
      expect(readLifetime({ [name]: value })).toBeNull();
  });
});

describe('isAlive', () => {
  const nowSeconds = 1_790_000_000;
  const silent = { exp: null, nbf: null, iat: null };

  test.each([
    ['J-53 exp in the future', { exp: nowSeconds + 1 }, true],
    ['J-53 exp now', { exp: nowSeconds }, true],
    ['J-53 exp 4 s ago', { exp: nowSeconds - 4 }, true],
    ['J-53 exp 5 s ago, the tolerance', { exp: nowSeconds - 5 }, false],
    ['J-53 exp 6 s ago', { exp: nowSeconds - 6 }, false],
    ['J-54 nbf 8 s ahead', { nbf: nowSeconds + 8 }, true],
    ['J-54 nbf 10 s ahead', { nbf: nowSeconds + 10 }, true],
    ['J-54 nbf 11 s ahead', { nbf: nowSeconds + 11 }, false],
    ['J-54 nbf 61 s ahead', { nbf: nowSeconds + 61 }, false],
    ['J-55 iat 8 s ahead', { iat: nowSeconds + 8 }, true],
    ['J-55 iat 11 s ahead', { iat: nowSeconds + 11 }, false],
    ['J-55 iat 1 h ahead', { iat: nowSeconds + 3600 }, false],
    ['iat long ago, which callers bound themselves', { iat: 0 }, true],
    ['no times at all', {}, true],
    ['one bad time among good ones', { exp: nowSeconds + 60, nbf: nowSeconds, iat: nowSeconds + 60 }, false],
  ])('%s: %j is %s', (_, times, alive) => {
    expect(isAlive({ ...silent, ...times }, nowSeconds * 1000)).toBe(alive);
  });

  test('J-53 dies between two milliseconds', () => {
    expect(isAlive({ ...silent, exp: nowSeconds }, nowSeconds * 1000 + 4999)).toBe(true);
    expect(isAlive({ ...silent, exp: nowSeconds }, nowSeconds * 1000 + 5000)).toBe(false);
  });

  test('property: once expired, always expired', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), fc.nat(1e12), fc.nat(1e9), (exp, now, later) => {
        if (!isAlive({ ...silent, exp }, now)) expect(isAlive({ ...silent, exp }, now + later)).toBe(false);
      }),
    );
  });
});
