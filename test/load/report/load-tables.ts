import { markdownTable } from '../markdown-table.ts';
import type { Arrivals, LoadResult, Loads } from './performance.ts';
import type { Side } from './figures.ts';

/** Capacity, then latency, then whether the targets hold. */
export function loadTables({ results, shareOfCapacity, memory }: Loads): string {
  const capacity = results.flatMap((result) => [
    capacityRow(result.load, 'broker', result.broker, result),
    capacityRow('', 'floor', result.floor, null),
  ]);
  const latency = results.flatMap(({ load, brokerArrivals, floorArrivals }) => [
    latencyRow(load, 'broker', brokerArrivals),
    latencyRow('', 'floor', floorArrivals),
  ]);
  return [
    'At capacity (closed loop):\n',
    markdownTable(CAPACITY, capacity, 2),
    `\nAt ${(100 * shareOfCapacity).toFixed(0)} % of that (open loop, Poisson arrivals, from the instant at which a request was due):\n`,
    markdownTable(LATENCY, latency, 2),
    '',
    ...results.flatMap(verdictOn),
    `- Resident memory afterwards: broker ${mb(memory.brokerMb)}, at most ${mb(memory.brokerPeakMb)}; floor ${mb(memory.floorMb)}; Postgres ${mb(memory.databaseMb)}.`,
  ].join('\n');
}

const CAPACITY = [
  'load',
  'side',
  'requests/s',
  'CPU us',
  'Postgres CPU us',
  'callers CPU us',
  'of floor',
  'rate',
];
const LATENCY = [
  'load',
  'side',
  'requests/s',
  'p50 ms',
  'p90 ms',
  'p99 ms',
  'p99.9 ms',
  'max ms',
  'lag p99 ms',
];

function capacityRow(load: string, side: string, measured: Side, result: LoadResult | null): string[] {
  const { requestsPerSecond, cpuUs, databaseCpuUs, callersCpuUs } = measured;
  const ratios = [result?.ofFloor ?? 1, result?.throughputOfFloor ?? 1];
  return [
    load,
    side,
    ...[requestsPerSecond, cpuUs, databaseCpuUs, callersCpuUs].map((figure) => figure.toFixed(0)),
    ...ratios.map((ratio) => ratio.toFixed(2)),
  ];
}

function latencyRow(load: string, side: string, { perSecond, latency, lag }: Arrivals): string[] {
  const { p50Ms, p90Ms, p99Ms, p999Ms, maxMs } = latency;
  const times = [p50Ms, p90Ms, p99Ms, p999Ms, maxMs, lag.p99Ms];
  return [load, side, perSecond.toFixed(0), ...times.map((ms) => ms.toFixed(1))];
}

/** A sentence for a target: whether it holds in this run. */
function verdictOn({ load, ofFloor, target }: LoadResult): readonly string[] {
  if (target === null) return [];
  const verdict = ofFloor >= target ? 'holds' : '**missed**';
  return [`- ${load}: ${ofFloor.toFixed(2)} of the floor, target ${target}: ${verdict}.`];
}

function mb(value: number): string {
  return `${value.toFixed(0)} MB`;
}
