import { type LedgerOnDatabase } from './ledger-on-database.ts';
import type { LoadReport } from './token-load.ts';

/** Two and a half seconds for a batch that is under way, two before for the wait in the queue, and a busy machine. */
export const LONGEST_ANSWER_MS = 8_000;

/** Whether all brokers know the ledger's incarnation. */
export function isKnown({ ledgers }: LedgerOnDatabase): boolean {
  return ledgers.every(knowsItself);
}

export function isKnownToNone({ ledgers }: LedgerOnDatabase): boolean {
  return !ledgers.some(knowsItself);
}

function knowsItself(ledger: LedgerOnDatabase['ledgers'][number]): boolean {
  try {
    return ledger.current().incarnation !== '';
  } catch {
    return false;
  }
}

/** No token was honoured twice, everybody was answered in time, and every answer is in the audit log. */
export async function expectHonest(under: LedgerOnDatabase, report: LoadReport): Promise<void> {
  expect(report.honouredTwice).toEqual([]);
  expect(report.spent).toBeGreaterThan(100);
  expect(report.slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
  const written = new Set((await under.events()).map(({ id }) => id));
  expect(report.acknowledged.filter((id) => !written.has(id))).toEqual([]);
}
