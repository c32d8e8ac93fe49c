import type { AuditRow } from './audit-row.ts';
import type { BatchRun } from './batch-run.ts';
import { foresee, foreseenOutcome } from './foresee.ts';
import type { Foresight } from './foresight.ts';
import type { BatchEntry } from './pending-entry.ts';
import { resolveInTurns } from './resolve-in-turns.ts';
import { settleAtOnce } from './settle-at-once.ts';

/**
 * Tries a batch as it will nearly always go: every id fresh, every token spent, nothing cut off. Then it resolves its
 * entries. An entry whose event cannot be made is told so, and the batch has to go another way.
 *
 * Out    the audit events that were written; null when it goes otherwise, and nothing was written
 * Fails  Error: the outcome of all entries that have not been told is unknown
 */
export async function asForeseen(
  run: Omit<BatchRun, 'hasAdvanced'>,
  batch: readonly BatchEntry[],
  foresight: Foresight,
): Promise<readonly AuditRow[] | null> {
  const foreseen = foresee(batch, run);
  if (foreseen === null) return null;
  for (const entry of batch) {
    const outcome = foreseenOutcome(entry);
    if (outcome === null || !entry.conclude(outcome)) return null;
  }
  const rows = batch.flatMap(({ row }) => (row === null ? [] : [row]));
  const cameTrue = await settleAtOnce(run, foreseen, rows);
  foresight.heard(cameTrue);
  if (!cameTrue) return null;
  resolveInTurns(batch);
  return rows;
}
