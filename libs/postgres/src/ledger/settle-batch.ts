import type { PoolClient } from 'pg';
import { advanceRing } from './advance-ring.ts';
import { RingBehind, type BatchRun } from './batch-run.ts';
import type { Outcome } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';
import { USED_IDS } from './ring.ts';
import { settleClaims } from './settle-claims.ts';
import { settleTokens } from './settle-tokens.ts';
import { writeAudit } from './write-audit.ts';

/** A process that is stopped in the middle of a batch must not hold its locks for longer. */
const BEGIN = `BEGIN;
  SET LOCAL synchronous_commit TO on;
  SET LOCAL statement_timeout TO 2000;
  SET LOCAL idle_in_transaction_session_timeout TO 5000;
  SET LOCAL enable_seqscan TO off`;

/**
 * Settles a batch in one transaction: used ids, then tokens, then audit events, always in this order, and resolves its
 * entries when it is durable.
 *
 * An entry whose event cannot be made is told so, and the batch begins anew without it: nothing of it is kept, and
 * nobody else is harmed. Events that were described already stay, and so do their outcomes; an entry that would now
 * hear another outcome leaves the batch too.
 *
 * Fails  Error: the outcome of all entries that have not been told is unknown
 */
export async function settleBatch(
  connection: PoolClient,
  place: Pick<BatchRun, 'ledger' | 'tokens'>,
  batch: readonly BatchEntry[],
): Promise<void> {
  let entries = batch;
  let hasAdvanced = false;
  while (entries.length > 0) {
    await connection.query(BEGIN);
    const outcomes = await settle({ ...place, connection, hasAdvanced }, entries);
    if (outcomes === null) {
      await connection.query('ROLLBACK');
      await advanceRing(connection, USED_IDS);
      await advanceRing(connection, place.tokens);
      hasAdvanced = true;
      continue;
    }
    const concluded = entries.filter((entry) => entry.conclude(outcomeOf(outcomes, entry)));
    if (concluded.length < entries.length) {
      await connection.query('ROLLBACK');
      entries = concluded;
      continue;
    }
    await writeAudit(
      connection,
      concluded.flatMap(({ row }) => (row === null ? [] : [row])),
    );
    const { command } = await connection.query('COMMIT');
    // The COMMIT of a transaction that had failed is answered with ROLLBACK, as if that were a success.
    if (command !== 'COMMIT') throw new Error('the transaction had failed before its end');
    for (const entry of concluded) entry.resolve();
    return;
  }
}

/** Null when a ring has to be advanced first. */
async function settle(
  run: BatchRun,
  entries: readonly BatchEntry[],
): Promise<ReadonlyMap<BatchEntry, Outcome> | null> {
  try {
    const claims = await settleClaims(run, entries);
    // A reused claim leaves the token alone.
    const outcomes = await settleTokens(
      run,
      entries.filter((_, index) => claims[index] === 'fresh'),
    );
    entries.forEach((entry, index) => {
      const standing = claims[index];
      if (standing === 'unsettled')
        outcomes.set(entry, { is: 'unsettled', why: 'an id cannot be remembered' });
      else if (typeof standing === 'object')
        outcomes.set(entry, { is: 'claim_reused', reused: standing.reused });
    });
    return outcomes;
  } catch (error) {
    if (error instanceof RingBehind) return null;
    throw error;
  }
}

function outcomeOf(outcomes: ReadonlyMap<BatchEntry, Outcome>, entry: BatchEntry): Outcome {
  return outcomes.get(entry) ?? { is: 'unsettled', why: 'the entry was passed over' };
}
