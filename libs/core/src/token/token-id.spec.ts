import fc from 'fast-check';
import { newTokenId } from './token-id.ts';

const NOW = 1_790_000_000_000;

test('X-35 has the form of a UUID', () => {
  for (let n = 0; n < 300; n++) {
    expect(newTokenId(NOW)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  }
});

test('begins with the milliseconds, so that later ids sort later', () => {
  expect(newTokenId(NOW).slice(0, 13)).toBe('01a0c450-6c00');
  expect(newTokenId(0).slice(0, 13)).toBe('00000000-0000');
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.integer({ min: 1, max: 2 ** 31 }), (ms, later) => {
      expect(newTokenId(NOW + ms) < newTokenId(NOW + ms + later)).toBe(true);
    }),
  );
});

test('cuts fractions of a millisecond', () => {
  expect(newTokenId(NOW + 0.9).slice(0, 13)).toBe('01a0c450-6c00');
});

test('X-35 gives 10^5 different ids of one millisecond, over many refills of its pool', () => {
  const ids = new Set<string>();
  for (let n = 0; n < 100_000; n++) ids.add(newTokenId(NOW).slice(14));
  expect(ids.size).toBe(100_000);
});

test('X-35 every one of the 80 random bits is set half of the time', () => {
  const samples = 4000;
  const set = Array<number>(80).fill(0);
  for (let n = 0; n < samples; n++) {
    let bits = BigInt(`0x${newTokenId(NOW).slice(14).replaceAll('-', '')}`);
    for (let bit = 0; bit < 80; bit++, bits >>= 1n) set[bit] = (set[bit] ?? 0) + Number(bits & 1n);
  }
  // Six standard deviations: by chance once in millions of runs.
  const slack = (6 * Math.sqrt(samples)) / 2;
  for (const count of set) expect(Math.abs(count - samples / 2)).toBeLessThan(slack);
});
