import { markdownTable } from '../markdown-table.ts';
import type { Ledgers, VariantResult, Workers } from './variant-shapes.ts';

const HEAD = [
  'load',
  'broker',
  'requests/s',
  'CPU us',
  'Postgres CPU us',
  'callers CPU us',
  'p50 ms',
  'p99 ms',
];

export function workersTable({ shared, share, limited }: Workers): string {
  const ofCore = `a ${share === 0.25 ? 'quarter' : `share of ${share}`} of a core for each worker`;
  return [
    'On the cores that Postgres and the callers use too:\n',
    tableOf(shared),
    `\n${ratiosOf(shared)}`,
    ...(limited === null
      ? [`\nWith ${ofCore}: not measured, since control groups could not be made.`]
      : [
          `\nWith ${ofCore}, and the rest of the machine for Postgres and the callers:\n`,
          tableOf(limited),
          `\n${ratiosOf(limited)}`,
        ]),
  ].join('\n');
}

export function ledgersTable({ results, missing }: Ledgers): string {
  const rows = results.map((result) => [
    ...rowOf(result),
    result.ledgerCpuUs === null ? '' : result.ledgerCpuUs.toFixed(0),
  ]);
  const table = markdownTable([...HEAD, 'Redis CPU us'], rows, 2);
  return missing === null
    ? `${table}\n\n${ratiosOf(results)}`
    : `${table}\n\nRedis is not measured: ${missing}.`;
}

function tableOf(results: readonly VariantResult[]): string {
  return markdownTable(HEAD, results.map(rowOf), 2);
}

function rowOf({ variant, load, ...figures }: VariantResult): string[] {
  const { requestsPerSecond, cpuUs, databaseCpuUs, callersCpuUs, atCapacity } = figures;
  return [
    load,
    variant,
    ...[requestsPerSecond, cpuUs, databaseCpuUs, callersCpuUs].map((figure) => figure.toFixed(0)),
    ...[atCapacity.p50Ms, atCapacity.p99Ms].map((ms) => ms.toFixed(1)),
  ];
}

/** For each load, the second variant beside the first. */
function ratiosOf(results: readonly VariantResult[]): string {
  const loads = [...new Set(results.map(({ load }) => load))];
  return loads
    .flatMap((load) => {
      const [first, second] = results.filter((result) => result.load === load);
      if (first === undefined || second === undefined) return [];
      const rate = second.requestsPerSecond / first.requestsPerSecond;
      const cpu = first.cpuUs === 0 ? 0 : second.cpuUs / first.cpuUs;
      return [
        `- ${load}, ${second.variant} beside ${first.variant}: ${rate.toFixed(2)} times the rate, ${cpu.toFixed(2)} times the broker's CPU for a request.`,
      ];
    })
    .join('\n');
}
