import { canonicalTargetUri, presentedTargetUri } from '#core';
import fc from 'fast-check';
import { normaliseEscapes } from './canonical-uri.ts';

const RULES = { allowHttpLoopback: false };
const ORIGIN = 'https://api.example';

/** Paths and queries out of the pieces that spellings differ in. */
const rest = fc
  .array(
    fc.constantFrom(
      'a',
      'B',
      '~',
      '%7e',
      '%7E',
      '%2f',
      '%2F',
      '%61',
      '%2561',
      '/',
      '.',
      '%2e',
      '+',
      '?',
      '=',
      '&',
      '%c3%bc',
    ),
    {
      maxLength: 12,
    },
  )
  .map((pieces) => `/${pieces.join('')}`);

describe('normaliseEscapes', () => {
  it('spells every URI that a broker accepts as the broker does', () => {
    fc.assert(
      fc.property(rest, (path) => {
        const presented = presentedTargetUri(`${ORIGIN}${path}`, RULES);
        if (presented !== null) expect(normaliseEscapes(`${ORIGIN}${path}`)).toBe(presented.href);
      }),
      { numRuns: 2000 },
    );
  });

  it('knows a canonical URI as the broker does', () => {
    fc.assert(
      fc.property(rest, (path) => {
        const canonical = canonicalTargetUri(`${ORIGIN}${path}`, RULES);
        if (canonical !== null) expect(normaliseEscapes(canonical.href)).toBe(canonical.href);
      }),
      { numRuns: 2000 },
    );
  });
});
