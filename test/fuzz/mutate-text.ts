import fc from 'fast-check';

/** One change of a text, at a place between its beginning (0) and its end (1). */
export interface TextMutation {
  readonly change: 'replace' | 'insert' | 'delete' | 'truncate' | 'repeat' | 'swap_case';
  readonly place: number;
  readonly length: number;
  readonly text: string;
}

/** What has upset parsers before: structure, escapes, control characters, other alphabets, numbers out of range. */
const HOSTILE = [
  '\0',
  '\r\n',
  '\n',
  '\t',
  ' ',
  '%',
  '%00',
  '%zz',
  '%C0%AF',
  '&',
  '=',
  '+',
  ';',
  ',',
  '.',
  '..',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\u007f',
  '\u0080',
  '\u00ff',
  'null',
  'true',
  '-1',
  '1e999',
  '9'.repeat(40),
  '__proto__',
  'A'.repeat(9_000),
];

/** Latin-1, so that a character is a byte on the wire. */
const bytes = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 8,
});

export const textMutation: fc.Arbitrary<TextMutation> = fc.record({
  change: fc.constantFrom('replace', 'insert', 'delete', 'truncate', 'repeat', 'swap_case'),
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 12 }),
  text: fc.oneof(bytes, fc.constantFrom(...HOSTILE)),
});

/** The changed text; the same where the change has nothing to change. */
export function mutateText(original: string, { change, place, length, text }: TextMutation): string {
  const at = Math.min(original.length - 1, Math.floor(place * original.length));
  const [before, after] = [original.slice(0, at), original.slice(at)];
  switch (change) {
    case 'replace':
      return before + text + after.slice(Math.max(1, text.length));
    case 'insert':
      return before + text + after;
    case 'delete':
      return before + after.slice(length);
    case 'truncate':
      return before;
    case 'repeat':
      return before + after.slice(0, length) + after;
    case 'swap_case':
      return before + swapCase(after.slice(0, length)) + after.slice(length);
  }
}

function swapCase(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
}
