import type { Curve } from './performance.ts';

export interface CurvePoint {
  readonly size: number;
  readonly cost: number;
}

/** What differs by less than this is taken for the noise of the machine. */
const NOISE = 1.25;

/**
 * How cost grows with size: not at all, with its logarithm, or with size itself, whichever of the two lines through
 * the points leaves less of the differences unexplained (least squares). What costs less when there is more of it does
 * not grow: whoever is asked for long gets faster.
 */
export function curveOf(points: readonly CurvePoint[]): Curve {
  const costs = points.map(({ cost }) => cost);
  if (Math.max(...costs) <= Math.min(...costs) * NOISE) return 'constant';
  const along = (scale: (size: number) => number): Line =>
    lineThrough(points.map(({ size, cost }) => [scale(size), cost]));
  const [logarithmic, linear] = [along(Math.log), along((size) => size)];
  if (logarithmic.slope <= 0) return 'constant';
  return logarithmic.unexplained <= linear.unexplained ? 'logarithmic' : 'linear';
}

interface Line {
  readonly slope: number;
  /** The sum of the squares that it leaves. */
  readonly unexplained: number;
}

function lineThrough(points: readonly (readonly [number, number])[]): Line {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = variance === 0 ? 0 : covariance / variance;
  const unexplained = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, unexplained };
}
