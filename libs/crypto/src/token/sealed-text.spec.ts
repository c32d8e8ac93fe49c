import { MAX_TOKEN_CHARS } from '#core';
import { CALLER_SEAL, GRANT_SEAL } from './seal-kind.ts';
import { headerSegment, readSealedText } from './sealed-text.ts';

const encode = (text: string) => Buffer.from(text).toString('base64url');
const HEADER = headerSegment('key-1', GRANT_SEAL);
const IV = encode('123456789012');
const CIPHERTEXT = encode('whatever was sealed');
const TAG = encode('1234567890123456');
const GOOD = `once_${HEADER}..${IV}.${CIPHERTEXT}.${TAG}`;

const withHeader = (header: string) => `once_${encode(header)}..${IV}.${CIPHERTEXT}.${TAG}`;

describe(readSealedText.name, () => {
  test('takes a token apart', () => {
    expect(readSealedText(GOOD, GRANT_SEAL)).toEqual({
      kid: 'key-1',
      iv: Buffer.from('123456789012'),
      ciphertext: Buffer.from('whatever was sealed'),
      tag: Buffer.from('1234567890123456'),
    });
  });

  test.each([
    ['no prefix', GOOD.slice(5)],
    ['the prefix in capitals', GOOD.replace('once_', 'ONCE_')],
    ['the prefix twice', `once_${GOOD}`],
    ['the prefix alone', 'once_'],
    ['nothing', ''],
    ['five empty segments', 'once_....'],
    ['four segments', `once_${HEADER}.${IV}.${CIPHERTEXT}.${TAG}`],
    ['six segments', `${GOOD}.`],
    ['seven segments', `${GOOD}.A.A`],
    ['a million dots', `once_${'.'.repeat(1_000_000)}`],
    ['more than the longest token', `once_${HEADER}..${IV}.${'A'.repeat(MAX_TOKEN_CHARS)}.${TAG}`],
    ['an encrypted key', GOOD.replace('..', '.AAAA.')],
    ['a tag of 12 bytes', `once_${HEADER}..${IV}.${CIPHERTEXT}.${TAG.slice(0, 16)}`],
    ['a tag of 4 bytes', `once_${HEADER}..${IV}.${CIPHERTEXT}.AAAAAA`],
    ['a tag of 17 bytes', `once_${HEADER}..${IV}.${CIPHERTEXT}.${encode('12345678901234567')}`],
    ['no tag', `once_${HEADER}..${IV}.${CIPHERTEXT}.`],
    ['an IV of 16 bytes', `once_${HEADER}..${TAG}.${CIPHERTEXT}.${TAG}`],
    ['no IV', `once_${HEADER}...${CIPHERTEXT}.${TAG}`],
    ['no ciphertext', `once_${HEADER}..${IV}..${TAG}`],
    ['padding', `once_${HEADER}..${IV}.${CIPHERTEXT}=.${TAG}`],
    ['the other alphabet', `once_${HEADER}..${IV}.${CIPHERTEXT.slice(2)}+/.${TAG}`],
    ['a line break inside', `once_${HEADER}..${IV}.${CIPHERTEXT.slice(0, 4)}\n${CIPHERTEXT.slice(4)}.${TAG}`],
    ['stray bits at the end of the tag', `${GOOD.slice(0, -1)}x`],
    ['members of the header in another order', withHeader('{"enc":"A256GCM","alg":"dir","kid":"key-1"}')],
    ['a blank in the header', withHeader('{"alg":"dir","enc":"A256GCM", "kid":"key-1"}')],
    ['a line break after the header', withHeader('{"alg":"dir","enc":"A256GCM","kid":"key-1"}\n')],
    ['a repeated kid', withHeader('{"alg":"dir","enc":"A256GCM","kid":"x","kid":"key-1"}')],
    ['an escaped kid', withHeader('{"alg":"dir","enc":"A256GCM","kid":"\\u006bey-1"}')],
    ['an empty kid', withHeader('{"alg":"dir","enc":"A256GCM","kid":""}')],
    ['no kid', withHeader('{"alg":"dir","enc":"A256GCM"}')],
    ['a compressed payload', withHeader('{"alg":"dir","enc":"A256GCM","kid":"key-1","zip":"DEF"}')],
    ['a wrapped key', withHeader('{"alg":"A256KW","enc":"A256GCM","kid":"key-1"}')],
    ['alg none', withHeader('{"alg":"none","enc":"A256GCM","kid":"key-1"}')],
    ['J-36: a kid that is a path', withHeader('{"alg":"dir","enc":"A256GCM","kid":"../../etc/passwd"}')],
    ['J-36: a kid of 10 kB', withHeader(`{"alg":"dir","enc":"A256GCM","kid":"${'k'.repeat(5000)}"}`)],
    ['the type of another kind', withHeader('{"alg":"dir","enc":"A256GCM","kid":"key-1","typ":"caller"}')],
    ['the prefix of another kind', GOOD.replace('once_', 'oncecaller_')],
    ['J-32: a byte order mark', withHeader('\uFEFF{"alg":"dir","enc":"A256GCM","kid":"key-1"}')],
  ])('refuses %s', (_, token) => {
    expect(readSealedText(token, GRANT_SEAL)).toBeNull();
    expect(readSealedText(GOOD, GRANT_SEAL)).not.toBeNull();
  });

  test('the form of one kind is none of another', () => {
    const caller = `oncecaller_${headerSegment('key-1', CALLER_SEAL)}..${IV}.${CIPHERTEXT}.${TAG}`;
    expect(readSealedText(caller, CALLER_SEAL)?.kid).toBe('key-1');
    expect(readSealedText(caller, GRANT_SEAL)).toBeNull();
    expect(readSealedText(GOOD, CALLER_SEAL)).toBeNull();
    expect(readSealedText(GOOD.replace('once_', 'oncecaller_'), CALLER_SEAL)).toBeNull();
  });
});
