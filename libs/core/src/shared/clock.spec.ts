import { toEpochSeconds } from './clock.ts';

test.each([
  [0, 0],
  [999, 0],
  [1000, 1],
  [1_789_996_400_999, 1_789_996_400],
  [1_789_996_400_000.5, 1_789_996_400],
  [-1, -1],
])('toEpochSeconds cuts %d ms down to %d s, so that nothing lives longer', (at, seconds) => {
  expect(toEpochSeconds(at)).toBe(seconds);
});
