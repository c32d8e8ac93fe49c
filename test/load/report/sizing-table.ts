import { markdownTable } from '../markdown-table.ts';
import type { Performance } from './performance.ts';

/** Pairs of an exchange and a spend with the proof forwarded, each second. */
const RATES = [50, 200, 1_000, 5_000, 20_000];

/** What a core is asked to do: the rest is for bursts, and for the garbage collector. */
const BUSY = 0.6;

const SECONDS_PER_DAY = 86_400;

/** More than this and one log, written in one order, is likely to be the limit. */
const CORES_OF_ONE_DATABASE = 8;

/** What so many pairs need, from what one costs. It is computed, not measured. How much log: of the steady state. */
export function sizingTable({ loads, steady }: Performance): string {
  const costOf = (name: string): { cpuUs: number; databaseCpuUs: number } | undefined =>
    loads?.results.find(({ load }) => load === name)?.broker;
  const [exchange, spend] = [costOf('exchange'), costOf('introspect, proof forwarded')];
  if (exchange === undefined || spend === undefined) return 'Not measured yet.';
  const rows = RATES.map((perSecond) => {
    const databaseCores = cores(perSecond * (exchange.databaseCpuUs + spend.databaseCpuUs));
    const bytes = steady === undefined ? null : perSecond * SECONDS_PER_DAY * steady.auditBytesPerPair;
    return [
      String(perSecond),
      String(cores(perSecond * (exchange.cpuUs + spend.cpuUs))),
      String(databaseCores),
      bytes === null ? 'not measured' : (bytes / 1e9).toFixed(0),
      databaseCores <= CORES_OF_ONE_DATABASE ? 'one Postgres' : 'several, split by resource server',
    ];
  });
  return markdownTable(['pairs/s', 'broker cores', 'database cores', 'audit GB a day', 'ledger'], rows);
}

function cores(cpuUsPerSecond: number): number {
  return Math.max(1, Math.ceil(cpuUsPerSecond / 1e6 / BUSY));
}
