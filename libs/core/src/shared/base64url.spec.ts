import fc from 'fast-check';
import { decodeBase64url } from './base64url.ts';

describe('decodeBase64url', () => {
  test.each([
    ['one byte', 'AA', '00'],
    ['two bytes', '__8', 'ffff'],
    ['three bytes', 'Zm9v', '666f6f'],
    ['both characters that differ from standard base64', '-_-_', 'fbffbf'],
  ])('decodes %s', (_, text, hex) => {
    expect(decodeBase64url(text)?.toString('hex')).toBe(hex);
  });

  test.each([
    ['the empty string', ''],
    ['a single character', 'A'],
    ['a length of 4n + 1', 'Zm9vA'],
    ['padding', 'AA=='],
    ['escaped padding', 'AA%3D%3D'],
    ['the standard alphabet, +', '+_-_'],
    ['the standard alphabet, /', '-/-_'],
    ['a blank inside', 'Zm 9v'],
    ['a newline at the end', 'Zm9v\n'],
    ['a tab at the start', '\tZm9v'],
    ['a set trailing bit', 'AB'],
    ['another set trailing bit', '__9'],
    ['a dot', 'Zm9v.'],
    ['NUL', 'Zm9v\u0000'],
    ['a character whose low byte is in the alphabet', 'Zm9\u0176'],
    ['full-width letters', '\uff21\uff21'],
  ])('J-22 refuses %s', (_, text) => {
    expect(decodeBase64url(text)).toBeNull();
  });

  test('property: every byte string has exactly the one spelling that comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(decodeBase64url(text)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('property: two texts never decode to the same bytes', () => {
    const alphabet = Array.from('ABCQRgwx019-_');
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 6 }), (text) => {
        const hex = decodeBase64url(text)?.toString('hex');
        if (hex === undefined) return;
        expect(seen.get(hex) ?? text).toBe(text);
        seen.set(hex, text);
      }),
      { numRuns: 2000 },
    );
  });
});
