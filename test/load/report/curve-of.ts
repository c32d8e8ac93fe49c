import type { Curve } from './performance.ts';

export interface CurvePoint {
  readonly size: number;
  readonly cost: number;
}

/** What differs by less than this is taken for the noise of the machine. */
const NOISE = 1.25;

/**
 * How cost grows with size: not at all, with its logarithm, or with size itself, whichever of the two lines through
 * the points leaves less of the differences unexplained (least squares).
 */
export function curveOf(points: readonly CurvePoint[]): Curve {
  const costs = points.map(({ cost }) => cost);
  if (Math.max(...costs) <= Math.min(...costs) * NOISE) return 'constant';
  const left = (scale: (size: number) => number): number =>
    unexplained(points.map(({ size, cost }) => [scale(size), cost]));
  return left(Math.log) <= left((size) => size) ? 'logarithmic' : 'linear';
}

/** The sum of the squares that a straight line through the points leaves. */
function unexplained(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = variance === 0 ? 0 : covariance / variance;
  return points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
}
