import { arrivalsMs, shuffled } from './arrivals.ts';

it('arrivals are those of their seed, ascending, and as many a second as was asked', () => {
  const arrivals = arrivalsMs(10_000, 500, 7);
  expect(arrivalsMs(10_000, 500, 7)).toEqual(arrivals);
  expect(arrivalsMs(10_000, 500, 8)).not.toEqual(arrivals);
  expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b));
  // Twenty seconds' worth: four standard deviations are 0.8 of them.
  expect((arrivals.at(-1) ?? 0) / 1000).toBeGreaterThan(19.2);
  expect((arrivals.at(-1) ?? 0) / 1000).toBeLessThan(20.8);
});

it('what is shuffled is all there, in the order of its seed', () => {
  const items = Array.from({ length: 100 }, (_, at) => at);
  expect(shuffled(items, 1)).toEqual(shuffled(items, 1));
  expect(shuffled(items, 1)).not.toEqual(items);
  expect(shuffled(items, 1).toSorted((a, b) => a - b)).toEqual(items);
});
