import { Attempts } from './attempts.ts';

it('lets ten attempts a minute through', () => {
  const attempts = new Attempts();
  const at = (now: number): boolean => attempts.take(now);
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(at)).toEqual(Array(10).fill(true));
  expect(at(59_999)).toBe(false);
  expect(at(60_000)).toBe(true);
  expect(at(60_000)).toBe(false);
  expect(at(60_001)).toBe(true);
});
