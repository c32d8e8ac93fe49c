import fc from 'fast-check';
import { canonicalTargetUri, presentedTargetUri } from './target-uri.ts';

const strict = { allowHttpLoopback: false };
const canonical = (text: string): string | null => canonicalTargetUri(text, strict)?.href ?? null;
const presented = (text: string): string | null => presentedTargetUri(text, strict)?.href ?? null;

/** What a URI means, whatever its spelling: two meanings are RFC 3986 equivalent only if they are equal. */
interface Meaning {
  host: string;
  port: number | null;
  /** Canonical tokens: one character, or one escape of something reserved. */
  segments: string[][];
  query: string[] | null;
}

const unreserved = fc.constantFrom(...Array.from('abzABZ019-._~'));
const inPath = fc.constantFrom(
  ...Array.from("!$&'()*+,=:@"),
  '%2F',
  '%3B',
  '%3F',
  '%23',
  '%25',
  '%20',
  '%C3%A4',
  '%2B',
);
const token = fc.oneof({ weight: 3, arbitrary: unreserved }, inPath);
const isDots = (segment: readonly string[]): boolean =>
  /(?:^|%2F|%3B)\.{1,2}(?:$|%2F|%3B)/.test(segment.join(''));
const segment = fc.array(token, { minLength: 1, maxLength: 5 }).filter((one) => !isDots(one));
const meaning: fc.Arbitrary<Meaning> = fc.record({
  host: fc.constantFrom('api.example', 'api.example.com', 'a', '10.0.0.1', '[::1]'),
  port: fc.option(fc.constantFrom(80, 8443, 65_535)),
  segments: fc.array(segment, { maxLength: 4 }),
  query: fc.option(fc.array(fc.oneof(token, fc.constantFrom('/', '?', ';')), { maxLength: 6 })),
});

const written = ({ host, port, segments, query }: Meaning): string => {
  const path = segments.map((one) => `/${one.join('')}`).join('') || '/';
  return `https://${host}${port === null ? '' : `:${port}`}${path}${query === null ? '' : `?${query.join('')}`}`;
};

/** Another spelling of the same meaning, chosen by `dice`. */
function respelt({ host, port, segments, query }: Meaning, dice: () => number, withDots: boolean): string {
  const sometimes = (): boolean => dice() % 2 === 0;
  const spell = (one: string): string => {
    if (one.startsWith('%')) return sometimes() ? one.toLowerCase() : one;
    if (!/[A-Za-z0-9\-._~]/.test(one) || sometimes()) return one;
    return `%${one.charCodeAt(0).toString(16)}`;
  };
  const detour = (): string =>
    withDots ? (['', '/.', '/x/..', '/%2e', '/x/y/../%2E%2e'][dice() % 5] ?? '') : '';
  const path = segments.map((one) => `${detour()}/${one.map(spell).join('')}`).join('');
  const authority = `${sometimes() ? host.toUpperCase() : host}${port === null ? (sometimes() ? ':443' : '') : `:${port}`}`;
  return `${sometimes() ? 'HTTPS' : 'https'}://${authority}${path || (sometimes() ? '/' : '')}${query === null ? '' : `?${query.map(spell).join('')}`}`;
}

const rolls = fc.infiniteStream(fc.nat(1000));
const diceOf = (stream: Stream<number>): (() => number) => {
  return () => Number(stream.next().value);
};
type Stream<T> = Iterator<T>;

describe('the canonical form', () => {
  test('property: every spelling of one meaning has the same one, so different meanings never share it', () => {
    fc.assert(
      fc.property(meaning, rolls, (one, stream) => {
        expect(canonical(respelt(one, diceOf(stream), true))).toBe(written(one));
      }),
      { numRuns: 1000 },
    );
  });

  test('property: it is its own canonical form, and is presented as it is', () => {
    fc.assert(
      fc.property(meaning, rolls, (one, stream) => {
        const href = canonical(respelt(one, diceOf(stream), true)) ?? '';
        expect(canonical(href)).toBe(href);
        expect(presented(href)).toBe(href);
      }),
      { numRuns: 1000 },
    );
  });

  test('property: without dot segments, presented and asked for are the same', () => {
    fc.assert(
      fc.property(meaning, rolls, (one, stream) => {
        const text = respelt(one, diceOf(stream), false);
        expect(presented(text)).toBe(canonical(text));
      }),
      { numRuns: 1000 },
    );
  });

  const soup = fc
    .array(
      fc.constantFrom(
        '/',
        '.',
        '..',
        '%2e',
        '%2F',
        '%5c',
        '%3b',
        ';',
        '//',
        'a',
        'A',
        '%61',
        '%25',
        '?',
        '&',
        '@',
        ':',
        '#',
        ' ',
        '\\',
        '%00',
        "'",
      ),
      {
        maxLength: 12,
      },
    )
    .map((parts) => `https://api.example${parts.join('')}`);

  test('property: whatever has one keeps it, and holds nothing that two servers read differently', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const uri = canonicalTargetUri(text, strict);
        if (uri === null) return;
        expect(canonical(uri.href)).toBe(uri.href);
        expect(presented(uri.href)).toBe(uri.href);
        const decoded = decodeURIComponent(uri.path).split(/[/;\\]/);
        expect(uri.path).not.toMatch(/\/\/|[^!-:<-[\]-~]|#/);
        expect(decoded).not.toContain('..');
        expect(decoded).not.toContain('.');
      }),
      { numRuns: 2000 },
    );
  });

  test('property I-40: a WHATWG parser reads the same URI in it, quotes in a query aside', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const href = canonical(text);
        if (href === null) return;
        const [path = '', ...query] = href.split('?');
        expect(new URL(href).href).toBe(
          [path, ...query.map((part) => part.replaceAll("'", '%27'))].join('?'),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('property I-40: what a WHATWG parser makes of a text is the same URI, or is refused', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const href = canonical(text);
        if (href === null || href.includes("'") || !URL.canParse(text)) return;
        expect(canonical(new URL(text).href)).toBe(href);
      }),
      { numRuns: 2000 },
    );
  });
});
