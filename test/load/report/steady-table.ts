import { markdownTable } from '../markdown-table.ts';
import type { Memory, Steady } from './performance.ts';

export function steadyTable(steady: Steady): string {
  const { tables, latency, brokerMb, pairs, minutes, perSecond } = steady;
  const { wantedPerSecond, capacityPerSecond, shareOfCapacity } = steady;
  const why =
    perSecond < wantedPerSecond
      ? `not ${wantedPerSecond}, but ${(100 * shareOfCapacity).toFixed(0)} % of the ${capacityPerSecond.toFixed(0)} that this machine can do with the callers on it`
      : `of ${capacityPerSecond.toFixed(0)} that this machine can do with the callers on it`;
  const rows = tables.map(({ table, greatestMb, lastMb, deadRows }) => [
    `\`${table}\``,
    greatestMb.toFixed(1),
    lastMb.toFixed(1),
    String(deadRows),
  ]);
  return [
    `${perSecond.toFixed(0)} exchanges and as many spends a second (${why}) for ${minutes} minutes, ${pairs} of each. From when a pair was due to the answer to its spend: p50 ${latency.p50Ms.toFixed(1)} ms, p99 ${latency.p99Ms.toFixed(1)} ms, at most ${latency.maxMs.toFixed(0)} ms.\n`,
    markdownTable(['table', 'greatest MB', 'last MB', 'dead rows'], rows, 1),
    '',
    `- Tables of the ledger that were emptied meanwhile, by the broker itself: ${steady.ledgerEmptied}.`,
    `- Days of the audit log that had a partition before they came: ${steady.partitionsAhead}.`,
    `- What is kept of a pair: ${steady.auditBytesPerPair.toFixed(0)} bytes of audit log until its day is dropped, and ${steady.usedIdBytesPerPair.toFixed(0)} bytes of used ids for an hour or two, indexes included.`,
    `- Resident memory of the broker: ${brokerMb.first.toFixed(0)} MB at first, ${brokerMb.last.toFixed(0)} MB at last, at most ${brokerMb.greatest.toFixed(0)} MB.`,
  ].join('\n');
}

export function memoryTable({ samples, requests, slopeMbPerMillion }: Memory): string {
  const shown = samples.filter((_, at) => at % 4 === 0 || at === samples.length - 1);
  const rows = shown.map((sample) => [
    String(sample.requests),
    sample.residentMb.toFixed(0),
    sample.heapMb.toFixed(0),
  ]);
  return [
    markdownTable(['requests', 'resident MB', 'heap MB'], rows),
    '',
    `Over the second half of ${requests} requests the resident memory changes by ${slopeMbPerMillion.toFixed(1)} MB for each million.`,
  ].join('\n');
}
