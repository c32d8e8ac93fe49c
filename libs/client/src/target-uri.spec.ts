import { canonicalTargetUri, presentedTargetUri } from '#core';
import fc from 'fast-check';
import { canonicalTarget, isWithin } from './target-uri.ts';

/** What spellings differ in, or parsers stumble over. */
const PIECES = 'a ~ %7e %2f %61 %2561 / .. . %2e + ? = & ü [ | \' " \\ ; %3b % # %c2%80 %5c'.split(' ');

type Case = { name: string; url: string; expect: string | null };

describe('canonicalTarget', () => {
  it.each<Case>([
    {
      name: 'keeps a plain URL',
      url: 'https://api.example/orders/42?a=1',
      expect: 'https://api.example/orders/42?a=1',
    },
    {
      name: 'I-24 drops the default port',
      url: 'https://api.example:443/a',
      expect: 'https://api.example/a',
    },
    {
      name: 'lowers scheme and host, not the path',
      url: 'HTTPS://API.example/A',
      expect: 'https://api.example/A',
    },
    {
      name: 'I-28 resolves dot segments before it asks',
      url: 'https://api.example/a/%2e%2e/b',
      expect: 'https://api.example/b',
    },
    { name: 'I-28 refuses an empty segment', url: 'https://api.example/a//b', expect: null },
    {
      name: 'I-29 decodes what is unreserved',
      url: 'https://api.example/%61%7e',
      expect: 'https://api.example/a~',
    },
    {
      name: 'I-29 keeps an escaped slash, in upper case',
      url: 'https://api.example/a%2fb',
      expect: 'https://api.example/a%2Fb',
    },
    {
      name: 'I-29 does not decode twice',
      url: 'https://api.example/%2561',
      expect: 'https://api.example/%2561',
    },
    { name: 'I-29 refuses a broken escape', url: 'https://api.example/%zz', expect: null },
    { name: 'I-29 refuses overlong UTF-8', url: 'https://api.example/%C0%AF', expect: null },
    { name: 'I-30 refuses matrix parameters', url: 'https://api.example/a;jsessionid=1', expect: null },
    { name: 'I-30 refuses an escaped backslash', url: 'https://api.example/a%5Cb', expect: null },
    { name: 'I-30 refuses an escaped line feed', url: 'https://api.example/a%0Ab', expect: null },
    {
      name: 'I-32 keeps order, doubles and plus signs of a query',
      url: 'https://api.example/?b=1&a=2&b=+%20',
      expect: 'https://api.example/?b=1&a=2&b=+%20',
    },
    {
      name: 'I-32 drops an empty query, which fetch does not send',
      url: 'https://api.example/a?',
      expect: 'https://api.example/a',
    },
    {
      name: 'escapes brackets that parsers leave raw',
      url: 'https://api.example/?f[a]={1|2}',
      expect: 'https://api.example/?f%5Ba%5D=%7B1%7C2%7D',
    },
    { name: 'drops the fragment', url: 'https://api.example/a#b', expect: 'https://api.example/a' },
    { name: 'I-25 refuses userinfo', url: 'https://u:p@api.example/', expect: null },
    { name: 'refuses http to another machine', url: 'http://api.example/', expect: null },
    {
      name: 'takes http on the loopback interface',
      url: 'http://127.0.0.1:80/a',
      expect: 'http://127.0.0.1/a',
    },
    { name: 'takes IPv6', url: 'https://[2001:DB8::1]/', expect: 'https://[2001:db8::1]/' },
    { name: 'refuses a host with an underscore', url: 'https://a_b.example/', expect: null },
    { name: 'refuses what is too long', url: `https://api.example/${'a'.repeat(2048)}`, expect: null },
  ])('$name', ({ url, expect: expected }) => {
    expect(canonicalTarget(new URL(url))?.href ?? null).toBe(expected);
  });

  it('takes the query off for a proof', () => {
    expect(canonicalTarget(new URL('https://api.example/a?b=c'))?.htu).toBe('https://api.example/a');
  });

  it.each([
    { target: 'https://api.example/v1/a', base: 'https://api.example/v1', within: true },
    { target: 'https://api.example/v1', base: 'https://api.example/v1', within: true },
    { target: 'https://api.example/v10', base: 'https://api.example/v1', within: false },
    { target: 'https://other.example/v1/a', base: 'https://api.example/v1', within: false },
  ])('says that $target within $base is $within', ({ target, base, within }) => {
    const read = (url: string) => canonicalTarget(new URL(url))!;
    expect(isWithin(read(target), read(base))).toBe(within);
  });

  it('asks for what the broker takes as it is, and what it later knows again', () => {
    const pieces = fc.mixedCase(fc.constantFrom(...PIECES));
    const rules = { allowHttpLoopback: true };
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const target = canonicalTarget(new URL(`https://api.example/${parts.join('')}`));
        if (target === null) return;
        expect(canonicalTargetUri(target.href, rules)?.href).toBe(target.href);
        expect(presentedTargetUri(target.href, rules)?.href).toBe(target.href);
        const { pathname, search, origin } = new URL(target.href);
        expect(`${origin}${pathname}${search}`).toBe(target.href);
      }),
      { numRuns: 3000 },
    );
  });
});
