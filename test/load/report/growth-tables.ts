import { markdownTable } from '../markdown-table.ts';
import type { Decisions, Growth } from './performance.ts';

export function growthTables({ dimensions }: Growth): string {
  return dimensions
    .map(({ of, load, curve, whenItBends, points }) => {
      const rows = points.map(({ size, requestsPerSecond, cpuUs, databaseCpuUs, p99Ms }) => [
        size.toLocaleString('en-US').replaceAll(',', ' '),
        ...[requestsPerSecond, cpuUs, databaseCpuUs].map((figure) => figure.toFixed(0)),
        p99Ms.toFixed(1),
      ]);
      const head = ['number', 'requests/s', 'CPU us', 'Postgres CPU us', 'p99 ms'];
      return `### ${of[0]?.toUpperCase()}${of.slice(1)}: ${curve}\n\n${markdownTable(head, rows)}\n\nLoad: ${load}. ${whenItBends}`;
    })
    .join('\n\n');
}

export function decisionTable({ points, curve, rounds, decisions }: Decisions): string {
  const base = points[0]?.decisionUs ?? 1;
  const rows = points.map(({ policies, decisionUs, compileMs, memoryMb, permitted }) => [
    String(policies),
    decisionUs.toFixed(0),
    (decisionUs / base).toFixed(2),
    compileMs.toFixed(0),
    memoryMb.toFixed(0),
    `${((100 * permitted) / decisions).toFixed(0)} %`,
  ]);
  const head = ['policies', 'decision CPU us', 'ratio', 'compile CPU ms', 'memory MB', 'permitted'];
  return `${markdownTable(head, rows)}\n\n50 resource servers of 20 operations each; best of ${rounds} rounds of ${decisions} different decisions. The curve: ${curve}.`;
}
