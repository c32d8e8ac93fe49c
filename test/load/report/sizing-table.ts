import { markdownTable } from '../markdown-table.ts';
import type { Loads, Steady } from './performance.ts';

/** Pairs of an exchange and a spend with the proof forwarded, each second. */
const RATES = [50, 200, 1_000, 5_000, 20_000];

/** What a core is asked to do: the rest is for bursts, and for the garbage collector. */
const BUSY = 0.6;

/** A batch waits for one disk and one writer of the log: so many pairs were the most that one database was seen to take. */
const SECONDS_PER_DAY = 86_400;

/**
 * What so many pairs need, from what one costs: cores at 60 %, and the disk that a day of the audit log takes. Null
 * where one of both halves was not measured.
 */
export function sizingTable(loads: Loads, steady: Steady | undefined): string | null {
  const costOf = (name: string): { cpuUs: number; databaseCpuUs: number } | undefined =>
    loads.results.find(({ load }) => load === name)?.broker;
  const [exchange, spend] = [costOf('exchange'), costOf('introspect, proof forwarded')];
  if (exchange === undefined || spend === undefined) return null;
  const brokerUs = exchange.cpuUs + spend.cpuUs;
  const databaseUs = exchange.databaseCpuUs + spend.databaseCpuUs;
  const rows = RATES.map((perSecond) => {
    const databaseCores = cores(perSecond * databaseUs);
    const gigabytes =
      steady === undefined ? null : (perSecond * SECONDS_PER_DAY * steady.auditBytesPerPair) / 1e9;
    return [
      String(perSecond),
      String(cores(perSecond * brokerUs)),
      String(databaseCores),
      gigabytes === null ? '' : gigabytes.toFixed(gigabytes < 10 ? 1 : 0),
      ledgerFor(databaseCores),
    ];
  });
  const head = ['pairs/s', 'broker cores', 'database cores', 'audit GB a day', 'ledger'];
  return markdownTable(head, rows, 0);
}

function cores(cpuUsPerSecond: number): number {
  return Math.max(1, Math.ceil(cpuUsPerSecond / 1e6 / BUSY));
}

/** One database has one log, which is written in one order. */
function ledgerFor(databaseCores: number): string {
  if (databaseCores <= 4) return 'one Postgres';
  return databaseCores <= 16
    ? 'one Postgres of its own, fast disk'
    : 'several deployments, split by resource server';
}
