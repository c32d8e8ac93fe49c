import { canonicalTargetUri, isWithin, presentedTargetUri, type TargetUri } from './target-uri.ts';

const strict = { allowHttpLoopback: false };
const developer = { allowHttpLoopback: true };
const canonical = (text: string): string | null => canonicalTargetUri(text, strict)?.href ?? null;
const presented = (text: string): string | null => presentedTargetUri(text, strict)?.href ?? null;

test('takes a URI apart', () => {
  expect(canonicalTargetUri('HTTPS://API.example:8443/a/../b?x=1', strict)).toEqual({
    href: 'https://api.example:8443/b?x=1',
    origin: 'https://api.example:8443',
    path: '/b',
    query: '?x=1',
  });
});

describe('canonicalTargetUri', () => {
  test.each([
    ['check 55, all at once', 'HTTPS://API.example.com:443/a/../b?x=1', 'https://api.example.com/b?x=1'],
    [
      'a canonical one as it is',
      'https://api.example/orders/42/refund',
      'https://api.example/orders/42/refund',
    ],
    ['I-24 the default port', 'https://api.example:443/a', 'https://api.example/a'],
    ['I-24 another port', 'https://api.example:80/a', 'https://api.example:80/a'],
    ['an empty path', 'https://api.example', 'https://api.example/'],
    ['an empty path before a query', 'https://api.example?x', 'https://api.example/?x'],
    ['I-26 the case of the path', 'https://api.example/Orders', 'https://api.example/Orders'],
    ['I-29 an escaped letter', 'https://api.example/%61', 'https://api.example/a'],
    ['I-29 all that is unreserved', 'https://api.example/%2D%2E%5F%7E%30%5a', 'https://api.example/-._~0Z'],
    ['I-29 an escaped slash, which stays', 'https://api.example/a%2fb', 'https://api.example/a%2Fb'],
    ['I-29 a double escape, which stays one', 'https://api.example/%2561', 'https://api.example/%2561'],
    ['I-29 hex in lower case', 'https://api.example/%c3%a4', 'https://api.example/%C3%A4'],
    [
      'an escaped semicolon and sub-delimiters',
      "https://api.example/%3b!$&'()*+,=:@",
      "https://api.example/%3B!$&'()*+,=:@",
    ],
    ['I-32 the order of a query', 'https://api.example/?b=1&a=2', 'https://api.example/?b=1&a=2'],
    ['I-32 a plus in a query', 'https://api.example/?a=+', 'https://api.example/?a=+'],
    ['I-32 an escaped blank in a query', 'https://api.example/?a=%20', 'https://api.example/?a=%20'],
    ['I-32 an escaped ampersand in a query', 'https://api.example/?a=%26', 'https://api.example/?a=%26'],
    ['I-32 an empty query', 'https://api.example/a?', 'https://api.example/a?'],
    [
      'I-32 a repeated key, a key alone, dots and slashes',
      'https://api.example/?a&a=1&/../??',
      'https://api.example/?a&a=1&/../??',
    ],
    ['a trailing slash, which stays', 'https://api.example/a/', 'https://api.example/a/'],
    ['dots that are no segment', 'https://api.example/a/...;'.slice(0, -1), 'https://api.example/a/...'],
    ['a file that begins with dots', 'https://api.example/..a/.b', 'https://api.example/..a/.b'],
    ['an IPv6 address', 'https://[2001:DB8::1]:443/a', 'https://[2001:db8::1]/a'],
    ['a punycode host', 'https://xn--bcher-kva.example/', 'https://xn--bcher-kva.example/'],
  ])('gives %s its form', (_, text, href) => {
    expect(canonical(text)).toBe(href);
  });

  // RFC 3986 §5.2.4 and §5.4, absolute forms of the examples; the base is http://a/b/c/d;p?q.
  test.each([
    ['/b/c/./g', '/b/c/g'],
    ['/b/c/.', '/b/c/'],
    ['/b/c/./', '/b/c/'],
    ['/b/c/..', '/b/'],
    ['/b/c/../', '/b/'],
    ['/b/c/../g', '/b/g'],
    ['/b/c/../..', '/'],
    ['/b/c/../../g', '/g'],
    ['/b/c/../../../g', '/g'],
    ['/b/c/../../../../g', '/g'],
    ['/./g', '/g'],
    ['/../g', '/g'],
    ['/b/c/g.', '/b/c/g.'],
    ['/b/c/..g', '/b/c/..g'],
    ['/b/c/./../g', '/b/g'],
    ['/b/c/./g/.', '/b/c/g/'],
    ['/b/c/g/./h', '/b/c/g/h'],
    ['/b/c/g/../h', '/b/c/h'],
    ['/a/b/c/./../../g', '/a/g'],
    ['/mid/content=5/../6', '/mid/6'],
    ['/b/%2e%2E/c', '/c'],
  ])('I-28 resolves %s to %s, and refuses it when it is presented', (path, resolved) => {
    expect(canonical(`https://a${path}`)).toBe(`https://a${resolved}`);
    expect(presented(`https://a${path}`)).toBe(path === resolved ? `https://a${resolved}` : null);
    expect(presented(`https://a${resolved}`)).toBe(`https://a${resolved}`);
  });
});

const NO_FORM: readonly (readonly [string, string])[] = [
  ['X-22 nothing', ''],
  ['X-22 a relative reference', '/orders/42'],
  ['X-22 a network-path reference', '//api.example/a'],
  ['X-22 a wildcard', '*'],
  ['X-22 another scheme', 'ftp://api.example/a'],
  ['X-22 a scheme without authority', 'https:api.example/a'],
  ['X-22 one slash', 'https:/api.example/a'],
  ['X-22 three slashes', 'https:///api.example/a'],
  ['X-22 backslashes for slashes', 'https:\\\\api.example\\a'],
  ['X-22 a fragment', 'https://api.example/a#b'],
  ['X-22 an empty fragment', 'https://api.example/a#'],
  ['X-22 10 kB', `https://api.example/${'a'.repeat(10_240)}`],
  ['X-22 a letter outside ASCII in the host', 'https://b\u00fccher.example/'],
  ['X-22 a letter outside ASCII in the path', 'https://api.example/\u00e4'],
  ['X-22 a wildcard host', 'https://*.example/a'],
  ['X-22 a full-width dot in the host', 'https://api\uff0eexample/'],
  ['X-22 a Kelvin sign for a k in the host', 'https://to\u212aen.example/'],
  ['X-22 a dotted capital I in the host', 'https://ap\u0130.example/'],
  ['X-22 a long s in the scheme', 'http\u017f://api.example/'],
  ['I-22 http', 'http://api.example/a'],
  ['I-25 a user', 'https://ada@api.example/a'],
  ['I-25 a user and a password', 'https://ada:x@api.example/a'],
  ['I-25 an empty user', 'https://@api.example/a'],
  ['I-33 many @', 'https://a@b@c/'],
  ['I-33 an escaped @ in the host', 'https://a%40b/'],
  ['I-28 an empty segment', 'https://api.example/a//b'],
  ['I-28 empty segments only', 'https://api.example//'],
  ['I-28 an empty segment that a dot segment removes', 'https://api.example/a//../b'],
  ['I-28 a dot segment before an escaped slash', 'https://api.example/a/..%2fadmin'],
  ['I-28 an escaped dot segment before an escaped slash', 'https://api.example/a/%2e%2E%2Fadmin'],
  ['I-28 a dot segment behind an escaped slash', 'https://api.example/a%2f../admin'],
  ['I-28 a dot segment between escaped slashes', 'https://api.example/a%2F..%2Fadmin'],
  ['I-28 a dot segment behind an escaped slash at the end', 'https://api.example/a%2F..'],
  ['I-28 a single dot before an escaped slash', 'https://api.example/.%2Fadmin'],
  ['I-29 an escape that is none', 'https://api.example/%zz'],
  ['I-29 half an escape', 'https://api.example/a%2'],
  ['I-29 a percent sign alone', 'https://api.example/a%'],
  ['I-29 an overlong slash', 'https://api.example/%C0%AF'],
  ['I-29 a Unicode escape of old', 'https://api.example/%u0041'],
  ['I-29 half a UTF-8 sequence', 'https://api.example/%C3'],
  ['I-29 a surrogate in UTF-8', 'https://api.example/%ED%A0%80'],
  ['I-29 a broken escape in the query', 'https://api.example/?a=%zz'],
  ['I-30 a matrix parameter', 'https://api.example/a;jsessionid=1'],
  ['I-30 an empty matrix parameter', 'https://api.example/a;/b'],
  ['I-30 a backslash', 'https://api.example/a\\b'],
  ['I-30 an escaped backslash', 'https://api.example/..%5cadmin'],
  ['I-30 a tab', 'https://api.example/a\tb'],
  ['I-30 a newline', 'https://api.example/a\nb'],
  ['I-30 a newline at the end', 'https://api.example/a\n'],
  ['I-30 a newline in the host', 'https://api.exa\nmple/a'],
  ['I-30 an escaped newline', 'https://api.example/a%0Ab'],
  ['I-30 an escaped NUL', 'https://api.example/a%00'],
  ['I-30 an escaped DEL', 'https://api.example/a%7f'],
  ['I-30 an escaped C1 control', 'https://api.example/a%C2%85'],
  ['I-30 a blank', 'https://api.example/a b'],
  ['I-30 a leading blank', ' https://api.example/a'],
  ['I-34 dots and a semicolon', 'https://api.example/x/..;/admin'],
  ['I-34 a semicolon, escaped slashes and dots', 'https://api.example/x;%2f..'],
  ['I-34 dots and an escaped semicolon', 'https://api.example/x/..%3b/admin'],
  ['characters that RFC 3986 does not allow: {', 'https://api.example/{id}'],
  ['characters that RFC 3986 does not allow: |', 'https://api.example/?a|b'],
  ['characters that RFC 3986 does not allow: "', 'https://api.example/"a"'],
  ['an empty port', 'https://api.example:/a'],
  ['port 0', 'https://api.example:0/a'],
  ['a port with a leading zero', 'https://api.example:0443/a'],
  ['a port that is too large', 'https://api.example:65536/a'],
  ['a signed port', 'https://api.example:+443/a'],
  ['an empty host with a port', 'https://:443/a'],
  ['a host with a trailing dot', 'https://api.example./a'],
  ['a host with two dots', 'https://api..example/a'],
  ['a host with a hyphen at its end', 'https://api-.example/a'],
  ['a host with an escape', 'https://%61pi.example/a'],
  ['an IPv6 address without brackets', 'https://::1/a'],
  ['X-07 an IPv6 zone', 'https://[fe80::1%25eth0]/a'],
  ['an open bracket', 'https://[::1/a'],
  ['a host of 254 characters', `https://${'a.'.repeat(126)}aa/`],
];

test.each(NO_FORM)('refuses %s', (_, text) => {
  expect(canonicalTargetUri(text, strict)).toBeNull();
  expect(presentedTargetUri(text, strict)).toBeNull();
});

test('refuses what would be too long in its canonical form', () => {
  const exact = `https://api.example/?${'a'.repeat(2048 - 21)}`;
  expect(exact).toHaveLength(2048);
  expect(canonical(exact)).toBe(exact);
  expect(canonical(`${exact}a`)).toBeNull();
  expect(canonical(exact.replace('/?', '?a'))).toBeNull();
});

test.each([
  ['http://localhost:3000/a', 'http://localhost:3000/a'],
  ['http://127.0.0.1/a', 'http://127.0.0.1/a'],
  ['http://[::1]:80/a', 'http://[::1]/a'],
  ['HTTP://LOCALHOST/a', 'http://localhost/a'],
])('I-22 takes %s on a developer machine and nowhere else', (text, href) => {
  expect(canonicalTargetUri(text, developer)?.href).toBe(href);
  expect(canonicalTargetUri(text, strict)).toBeNull();
});

test.each([
  'http://api.example/',
  'http://localhost.example/',
  'http://127.0.0.2/',
  'http://127.1/',
  'http://localhost@evil.test/',
])('I-22 refuses %s on a developer machine too', (text) => {
  expect(canonicalTargetUri(text, developer)).toBeNull();
});

describe('isWithin', () => {
  const at = (text: string): TargetUri => {
    const uri = canonicalTargetUri(text, strict);
    if (uri === null) throw new Error(`no form: ${text}`);
    return uri;
  };

  test.each([
    ['https://a/v1', 'https://a/v1'],
    ['https://a/v1/', 'https://a/v1'],
    ['https://a/v1/x?y', 'https://a/v1'],
    ['https://a/v1?y', 'https://a/v1'],
    ['https://a/v1/x', 'https://a/v1/'],
    ['https://a/x', 'https://a'],
    ['https://a:443/x', 'https://A'],
  ])('check 54: %s lies within %s', (target, base) => {
    expect(isWithin(at(target), at(base))).toBe(true);
  });

  test.each([
    ['https://a/v10', 'https://a/v1'],
    ['https://a/v1-admin/x', 'https://a/v1'],
    ['https://a/v1%2Fx', 'https://a/v1'],
    ['https://a/V1/x', 'https://a/v1'],
    ['https://a/v1/../x', 'https://a/v1'],
    ['https://a/v1', 'https://a/v1/'],
    ['https://a.evil.test/v1/x', 'https://a/v1'],
    ['https://a:8443/v1/x', 'https://a/v1'],
    ['https://sub.a/v1/x', 'https://a/v1'],
  ])('check 54: %s does not lie within %s', (target, base) => {
    expect(isWithin(at(target), at(base))).toBe(false);
  });
});
