import { curveOf } from './curve-of.ts';

const SIZES = [10, 1_000, 100_000, 10_000_000];

it.each([
  ['constant', (): number => 100],
  ['constant', (size: number): number => 100 + (size % 7)],
  ['constant', (size: number): number => 200 - 10 * Math.log(size)],
  ['logarithmic', (size: number): number => 100 + 20 * Math.log(size)],
  ['linear', (size: number): number => 100 + size / 1_000],
] as const)('calls costs %s where they are', (curve, costOf) => {
  expect(curveOf(SIZES.map((size) => ({ size, cost: costOf(size) })))).toBe(curve);
});

it('calls one point constant', () => {
  expect(curveOf([{ size: 1, cost: 5 }])).toBe('constant');
});
