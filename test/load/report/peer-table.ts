import { markdownTable } from '../markdown-table.ts';
import type { PeerResult, Peers } from './performance.ts';

export function peerTable({ results }: Peers): string {
  const rowsOf = (act: PeerResult['act']): string[][] =>
    results.filter((result) => result.act === act).map(row);
  return [
    'Issuing a token:\n',
    markdownTable(HEAD, rowsOf('issue'), 3),
    '\nIntrospecting one. Oncekey consumes it and can say so once; the others read, and say so as often as they are asked:\n',
    markdownTable(HEAD, rowsOf('introspect'), 3),
  ].join('\n');
}

const HEAD = [
  'server',
  'caller proves',
  'writes before it answers',
  'requests/s',
  'CPU us',
  'Postgres CPU us',
  'p50 ms',
  'p99 ms',
];

function row({ name, callerProves, writes, requestsPerSecond, cpuUs, databaseCpuUs, arrivals }: PeerResult) {
  const { p50Ms, p99Ms } = arrivals.latency;
  return [
    name,
    callerProves,
    writes,
    requestsPerSecond.toFixed(0),
    ...[cpuUs, databaseCpuUs].map((figure) => figure?.toFixed(0) ?? ''),
    ...[p50Ms, p99Ms].map((ms) => ms.toFixed(1)),
  ];
}
