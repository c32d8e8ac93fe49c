import { markdownTable } from './markdown-table.ts';
import type { Side } from './side.ts';

/** One load against the broker and its floor, in the same run. */
export interface Measured {
  readonly load: string;
  readonly requests: number;
  readonly broker: Side;
  readonly floor: Side;
  /** Least ratio that is wanted; null where none is set. */
  readonly target: number | null;
}

/** How much of a core's capacity is left over by what the broker does besides the cryptography. */
function ratioOf({ broker, floor }: Measured): number {
  return floor.cpuUs / broker.cpuUs;
}

/** One sentence per target: whether it holds in this run. */
export function verdictsOn(rows: readonly Measured[]): readonly string[] {
  return rows.flatMap((row) => {
    if (row.target === null) return [];
    const ratio = ratioOf(row);
    const verdict = ratio >= row.target ? 'holds' : 'MISSED';
    return [`${row.load}: ${ratio.toFixed(2)} of floor, target ${row.target} ${verdict}`];
  });
}

/** A table for people; the same rows go to JSON. */
export function renderTable(rows: readonly Measured[]): string {
  const head = [
    'load',
    'side',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'CPU us',
    'Postgres CPU us',
    'of floor',
    'target',
  ];
  const lines = rows.flatMap((row) => [
    lineOf(row.load, 'broker', row.broker, [
      ratioOf(row).toFixed(2),
      row.target === null ? '' : `>= ${row.target}`,
    ]),
    lineOf('', 'floor', row.floor, ['1.00', '']),
  ]);
  return markdownTable(head, lines, 2);
}

function lineOf(load: string, side: string, measured: Side, ends: readonly string[]): string[] {
  const { requestsPerSecond, p50Ms, p99Ms, cpuUs, databaseCpuUs } = measured;
  return [
    load,
    side,
    requestsPerSecond.toFixed(0),
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    cpuUs.toFixed(0),
    databaseCpuUs === null ? '' : databaseCpuUs.toFixed(0),
    ...ends,
  ];
}
