/** One part of a load, as it was driven. */
export interface Stretch {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  /** CPU time of the serving process. */
  readonly cpuUs: number;
  /** CPU time of Postgres; null where there is none. */
  readonly databaseCpuUs: number | null;
}

/** What a load cost on one side; CPU times are for each request. */
export interface Side {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
  readonly databaseCpuUs: number | null;
}

/** All stretches of one side, as one. */
export function sideOf(stretches: readonly Stretch[]): Side {
  const latencies = stretches.flatMap(({ latenciesMs }) => latenciesMs).toSorted((a, b) => a - b);
  const count = latencies.length;
  const quantile = (q: number): number => latencies[Math.min(count - 1, Math.floor(count * q))] ?? 0;
  const each = (valueOf: (stretch: Stretch) => number): number =>
    stretches.reduce((sum, stretch) => sum + valueOf(stretch), 0) / count;
  return {
    requestsPerSecond: 1 / each(({ seconds }) => seconds),
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    cpuUs: each(({ cpuUs }) => cpuUs),
    databaseCpuUs: stretches.some(({ databaseCpuUs }) => databaseCpuUs === null)
      ? null
      : each(({ databaseCpuUs }) => databaseCpuUs ?? 0),
  };
}
