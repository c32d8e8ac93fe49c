import type { Cost } from './cost-of.ts';
import { Latency } from './latency.ts';
import type { Side } from './report/figures.ts';

/** One part of a load at capacity, as it was driven. */
export interface Stretch extends Cost {
  readonly seconds: number;
  readonly latency: Latency;
}

/** All stretches of one side, as one. */
export function sideOf(stretches: readonly Stretch[]): Side {
  const latency = new Latency();
  for (const stretch of stretches) latency.add(stretch.latency);
  const each = (valueOf: (stretch: Stretch) => number): number =>
    stretches.reduce((sum, stretch) => sum + valueOf(stretch), 0) / latency.count;
  return {
    requestsPerSecond: 1 / each(({ seconds }) => seconds),
    cpuUs: each(({ cpuUs }) => cpuUs),
    databaseCpuUs: each(({ databaseCpuUs }) => databaseCpuUs),
    callersCpuUs: each(({ callersCpuUs }) => callersCpuUs),
    atCapacity: latency.percentiles(),
  };
}
