import { Latency } from '../latency.ts';
import { markdownTable } from '../markdown-table.ts';
import type { Delay } from './performance.ts';

/** How long something took, each time. */
export function delayOf(of: string, timesMs: readonly number[]): Delay {
  const latency = new Latency();
  for (const ms of timesMs) latency.record(ms);
  const minMs = timesMs.length === 0 ? 0 : Math.max(0, Math.min(...timesMs));
  return { of, count: timesMs.length, minMs, latency: latency.percentiles() };
}

export function delayTable(title: string, rows: readonly Delay[]): string {
  const lines = rows.map(({ of, count, minMs, latency }) => [
    of,
    String(count),
    ...[minMs, latency.p50Ms, latency.p99Ms, latency.maxMs].map((ms) => ms.toFixed(1)),
  ]);
  return markdownTable([title, 'times', 'min ms', 'median ms', 'p99 ms', 'max ms'], lines, 1);
}
