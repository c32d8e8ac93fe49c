import type { CutOffKind } from '#core';
import type { PoolClient } from 'pg';
import { deferOne, lockDeferrals } from '../deferrals/defer-one.ts';
import { settleDeferral } from '../deferrals/settle-deferral.ts';
import type { BatchRun } from './batch-run.ts';
import { findCutOff } from './find-cut-off.ts';
import type { Outcome } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';
import { together } from './together.ts';

type Asked = {
  readonly entry: BatchEntry;
  readonly wants: Extract<NonNullable<BatchEntry['wants']>, { deferral: unknown }>;
};

/**
 * Writes down what has to wait for an approval, and settles what has waited; nothing that stands on what was cut off.
 * There are few of them, so they go one after another, new ones first: every process locks in this order.
 *
 * Fails  Error of the driver
 */
export async function settleDeferrals(
  { connection }: Pick<BatchRun, 'connection'>,
  entries: readonly BatchEntry[],
): Promise<ReadonlyMap<BatchEntry, Outcome>> {
  const outcomes = new Map<BatchEntry, Outcome>();
  const asked = entries.flatMap((entry) => {
    const { wants } = entry;
    return wants?.act === 'defer' || wants?.act === 'settle_deferral' ? [{ entry, wants }] : [];
  });
  if (asked.length === 0) return outcomes;
  const ordered = asked.toSorted((one, other) => (lockKey(one) < lockKey(other) ? -1 : 1));
  const dead = await findCutOff(
    connection,
    ordered.map(({ wants }) => wants.deferral.reliances),
  );
  if (ordered.some(({ wants }) => wants.act === 'defer')) await lockDeferrals(connection);
  await together(connection, () =>
    ordered.map(async (one, at) => {
      outcomes.set(one.entry, await outcomeOf(connection, one, dead.get(at)));
    }),
  );
  return outcomes;
}

function lockKey({ wants }: Asked): string {
  return `${wants.act === 'defer' ? 0 : 1} ${wants.deferral.id}`;
}

async function outcomeOf(
  connection: PoolClient,
  { wants }: Asked,
  cutOff: CutOffKind | undefined,
): Promise<Outcome> {
  if (cutOff !== undefined) return { is: 'cut_off', kind: cutOff };
  const heard =
    wants.act === 'defer'
      ? await deferOne(connection, wants.deferral)
      : await settleDeferral(connection, wants.deferral);
  return { is: 'deferral', heard };
}
