import { DEFAULT_ALGORITHMS, JWS_ALGORITHMS, keyTypeOf, readAlgorithm } from './jws-algorithm.ts';

describe('readAlgorithm', () => {
  test('reads each algorithm by its exact name', () => {
    for (const alg of JWS_ALGORITHMS) expect(readAlgorithm(alg, JWS_ALGORITHMS)).toBe(alg);
  });

  test.each([
    ['J-01 none', 'none'],
    ['J-01 None', 'None'],
    ['J-01 NONE', 'NONE'],
    ['J-01 nOnE', 'nOnE'],
    ['J-02 HS256', 'HS256'],
    ['J-02 HS512', 'HS512'],
    ['J-31 PBES2', 'PBES2-HS256+A128KW'],
    ['J-07 ES384', 'ES384'],
    ['ES256K', 'ES256K'],
    ['RS1', 'RS1'],
    ['another case', 'es256'],
    ['a trailing blank', 'ES256 '],
    ['the empty string', ''],
    ['a name that every object has', 'constructor'],
    ['__proto__', '__proto__'],
  ])('refuses %s', (_, alg) => {
    expect(readAlgorithm(alg, JWS_ALGORITHMS)).toBeNull();
  });

  test('J-04 refuses what is known and not pinned', () => {
    expect(readAlgorithm('RS256', DEFAULT_ALGORITHMS)).toBeNull();
    expect(readAlgorithm('PS256', ['ES256'])).toBeNull();
    expect(readAlgorithm('ES256', [])).toBeNull();
    expect(readAlgorithm('ES256', ['ES256'])).toBe('ES256');
  });
});

test('J-10 both names of Ed25519 are accepted by default', () => {
  expect(DEFAULT_ALGORITHMS).toEqual(expect.arrayContaining(['EdDSA', 'Ed25519']));
});

test.each([
  ['ES256', 'EC'],
  ['PS256', 'RSA'],
  ['RS256', 'RSA'],
  ['EdDSA', 'OKP'],
  ['Ed25519', 'OKP'],
] as const)('%s needs a key of type %s', (alg, kty) => {
  expect(keyTypeOf(alg)).toBe(kty);
});
