import { createHash } from 'node:crypto';
import { newQuickstartKek, readKek } from './kek.ts';

const BYTES = createHash('sha256').update('a key-encryption key').digest();

describe(readKek.name, () => {
  test.each([
    ['base64url', BYTES.toString('base64url')],
    ['base64 with its padding', BYTES.toString('base64')],
    ['blanks around it, as files have them', `\n ${BYTES.toString('base64url')}\n`],
  ])('takes %s', (_, text) => {
    const kek = readKek(text);
    expect(kek.key.export()).toEqual(BYTES);
    expect(kek.generatedByQuickstart).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['the bare prefix', 'quickstart.'],
    ['31 bytes', BYTES.subarray(1).toString('base64url')],
    ['33 bytes', Buffer.concat([BYTES, Buffer.from([1])]).toString('base64url')],
    ['hexadecimal', BYTES.toString('hex')],
    ['a passphrase', 'correct horse battery staple correct horse'],
    ['another prefix', `production.${BYTES.toString('base64url')}`],
    [
      'a blank in the middle',
      `${BYTES.toString('base64url').slice(0, 20)} ${BYTES.toString('base64url').slice(20)}`,
    ],
    ['stray trailing bits', `${BYTES.toString('base64url').slice(0, -1)}B`],
    ['32 times the same byte', Buffer.alloc(32, 7).toString('base64')],
    ['32 zeros', Buffer.alloc(32).toString('base64')],
    ['a short pattern, repeated', Buffer.from('changeit'.repeat(4)).toString('base64')],
  ])('refuses %s, and does not repeat it', (_, text) => {
    let message = '';
    expect(() => {
      try {
        readKek(text);
      } catch (thrown) {
        message = String(thrown);
        throw thrown;
      }
    }).toThrow('key-encryption key');
    if (text.length > 20) expect(message).not.toContain(text.slice(0, 12));
  });
});

test('a quickstart key is known as one, and differs each time', () => {
  const first = newQuickstartKek();
  expect(readKek(first).generatedByQuickstart).toBe(true);
  expect(newQuickstartKek()).not.toBe(first);
});
