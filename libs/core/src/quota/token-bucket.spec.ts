import { shareOf, TokenBucket } from './token-bucket.ts';

const QUOTA = { requestsPerSecond: 10, burst: 3 };

function taken(bucket: TokenBucket, times: number, atMs: number): number {
  return Array.from({ length: times }, () => bucket.take(atMs)).filter(Boolean).length;
}

it.each<{ name: string; laterMs: number; more: number }>([
  { name: 'nothing more at once', laterMs: 0, more: 0 },
  { name: 'nothing more before one is due', laterMs: 99, more: 0 },
  { name: 'one when one is due', laterMs: 100, more: 1 },
  { name: 'what has come together meanwhile', laterMs: 250, more: 2 },
  { name: 'no more than a burst, however long the quiet was', laterMs: 3_600_000, more: 3 },
  { name: 'nothing more where the clock was read earlier', laterMs: -1_000, more: 0 },
])('after a burst gives $name', ({ laterMs, more }) => {
  const bucket = new TokenBucket(QUOTA);
  expect(taken(bucket, 5, 10_000)).toBe(3);
  expect(taken(bucket, 5, 10_000 + laterMs)).toBe(more);
});

it('tells how long until there is one more', () => {
  const bucket = new TokenBucket(QUOTA);
  expect(bucket.waitMs(0)).toBe(0);
  taken(bucket, 3, 0);
  expect([bucket.waitMs(0), bucket.waitMs(40), bucket.waitMs(100)]).toEqual([100, 60, 0]);
});

it('lets no more through in the long run than its quota, whoever hammers it', () => {
  const bucket = new TokenBucket(QUOTA);
  let through = 0;
  for (let atMs = 0; atMs <= 10_000; atMs += 1) through += taken(bucket, 10, atMs);
  expect(through).toBe(103);
});

it.each<[string, number, object]>([
  ['all of it for one process', 1, QUOTA],
  ['a part for each of several', 2, { requestsPerSecond: 5, burst: 1.5 }],
  ['one request at once at least', 64, { requestsPerSecond: 10 / 64, burst: 1 }],
])('is divided: %s', (_, processes, share) => {
  expect(shareOf(QUOTA, processes)).toEqual(share);
});
