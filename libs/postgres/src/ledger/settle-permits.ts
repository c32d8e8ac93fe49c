import type { CutOffKind } from '#core';
import type { BatchRun } from './batch-run.ts';
import { findCutOff } from './find-cut-off.ts';
import type { Outcome } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';

/**
 * Holds what is to be permitted against all that was cut off. Its statement is on its way when it returns.
 *
 * Fails  Error of the driver
 */
export async function settlePermits(
  { connection }: Pick<BatchRun, 'connection'>,
  entries: readonly BatchEntry[],
): Promise<ReadonlyMap<BatchEntry, Outcome>> {
  const permits = entries.filter(({ wants }) => wants?.act === 'permit');
  if (permits.length === 0) return new Map();
  const kinds = await findCutOff(
    connection,
    permits.map(({ wants }) => (wants?.act === 'permit' ? wants.reliances : [])),
  );
  return new Map(permits.map((entry, at) => [entry, outcomeOf(kinds.get(at))]));
}

function outcomeOf(kind: CutOffKind | undefined): Outcome {
  return kind === undefined ? { is: 'recorded' } : { is: 'cut_off', kind };
}
