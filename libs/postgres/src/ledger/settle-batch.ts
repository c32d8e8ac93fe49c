import type { PoolClient } from 'pg';
import { advanceRing } from './advance-ring.ts';
import type { AuditRow } from './audit-row.ts';
import { RingBehind, type BatchRun } from './batch-run.ts';
import { findDead } from './find-dead.ts';
import type { Outcome } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';
import { resolveInTurns } from './resolve-in-turns.ts';
import { USED_IDS } from './ring.ts';
import { holdersIn, holdsItsIds, settleClaims } from './settle-claims.ts';
import { settleDeferrals } from './settle-deferrals.ts';
import { settleLaterUses } from './settle-later-uses.ts';
import { settlePermits } from './settle-permits.ts';
import { settleRevocations } from './settle-revocations.ts';
import { settleTokens } from './settle-tokens.ts';
import { together } from './together.ts';
import { TokensElsewhere } from './tokens-elsewhere.ts';
import { writeAudit } from './write-audit.ts';

/** A process that is stopped in the middle of a batch must not hold its locks for longer. */
const BEGIN = `BEGIN;
  SET LOCAL synchronous_commit TO on;
  SET LOCAL statement_timeout TO 2000;
  SET LOCAL idle_in_transaction_session_timeout TO 5000;
  SET LOCAL enable_seqscan TO off`;

/**
 * Settles a batch in one transaction and two round trips: used ids, tokens and revocations, then audit events and the
 * commit. It resolves its entries when all of it is durable. Tokens that lie elsewhere are settled there between the
 * two, and then held against what was cut off meanwhile.
 *
 * An entry whose event cannot be made is told so, and the batch begins anew without it: nothing of it is kept, and
 * nobody else is harmed.
 *
 * Out    the audit events that were written
 * Fails  Error: the outcome of all entries that have not been told is unknown
 */
export async function settleBatch(
  connection: PoolClient,
  place: Pick<BatchRun, 'ledger' | 'tokens' | 'elsewhere'>,
  batch: readonly BatchEntry[],
): Promise<readonly AuditRow[]> {
  let entries = batch;
  let hasAdvanced = false;
  const replayers = new Set<BatchEntry>();
  const elsewhere = place.elsewhere === null ? null : new TokensElsewhere(place.elsewhere);
  while (entries.length > 0) {
    const settled = await settle({ connection, hasAdvanced, ...place }, entries, { replayers, elsewhere });
    if (settled === 'ring_behind') {
      await connection.query('ROLLBACK');
      await advanceRing(connection, USED_IDS);
      await advanceRing(connection, place.tokens);
      hasAdvanced = true;
      continue;
    }
    if (settled === 'replayed') {
      await connection.query('ROLLBACK');
      continue;
    }
    const concluded = entries.filter((entry) => entry.conclude(outcomeOf(settled, entry)));
    if (concluded.length < entries.length) {
      await connection.query('ROLLBACK');
      entries = concluded;
      continue;
    }
    const rows = concluded.flatMap(({ row }) => (row === null ? [] : [row]));
    await commit(connection, rows);
    resolveInTurns(concluded);
    return rows;
  }
  return [];
}

/**
 * Most ids are fresh, so tokens are settled without waiting for the verdict on the ids beside them. Where an id turns
 * out to be used, `replayed`: its entry must leave the token alone, is remembered, and the batch has to run again.
 */
async function settle(
  run: BatchRun,
  entries: readonly BatchEntry[],
  { replayers, elsewhere }: { replayers: Set<BatchEntry>; elsewhere: TokensElsewhere | null },
): Promise<ReadonlyMap<BatchEntry, Outcome> | 'ring_behind' | 'replayed'> {
  const holders = holdersIn(entries);
  const trusted = entries.filter((entry) => !replayers.has(entry) && holdsItsIds(entry, holders));
  try {
    const [, claims, tokens, permits, revocations, deferrals] = await together(run.connection, () => [
      run.connection.query(BEGIN),
      settleClaims(run, entries, holders),
      elsewhere === null ? settleTokens(run, trusted) : findDead(run, trusted),
      settlePermits(run, trusted),
      settleRevocations(run, trusted),
      settleDeferrals(run, trusted),
    ]);
    const outcomes = new Map([...tokens, ...permits, ...revocations, ...deferrals]);
    for (const entry of trusted) if (changes(entry) && claims.get(entry) !== 'fresh') replayers.add(entry);
    if (trusted.some((entry) => replayers.has(entry))) return 'replayed';
    if (elsewhere === null) await settleLaterUses(run, trusted, outcomes);
    else await elsewhere.settle(run, trusted, outcomes);
    for (const entry of trusted) if (entry.wants === null) outcomes.set(entry, { is: 'recorded' });
    for (const [entry, standing] of claims) {
      if (standing === 'unsettled')
        outcomes.set(entry, { is: 'unsettled', why: 'an id cannot be remembered' });
      else if (standing !== 'fresh') outcomes.set(entry, { is: 'claim_reused', reused: standing.reused });
    }
    return outcomes;
  } catch (error) {
    if (error instanceof RingBehind) return 'ring_behind';
    throw error;
  }
}

/** Does it leave more behind than used ids and its event? */
function changes({ wants }: BatchEntry): boolean {
  return wants !== null && wants.act !== 'permit';
}

async function commit(connection: PoolClient, rows: readonly AuditRow[]): Promise<void> {
  const [, { command }] = await together(connection, () => [
    writeAudit(connection, rows),
    connection.query('COMMIT'),
  ]);
  // The COMMIT of a transaction that had failed is answered with ROLLBACK, as if that were a success.
  if (command !== 'COMMIT') throw new Error('the transaction had failed before its end');
}

function outcomeOf(outcomes: ReadonlyMap<BatchEntry, Outcome>, entry: BatchEntry): Outcome {
  return outcomes.get(entry) ?? { is: 'unsettled', why: 'the entry was passed over' };
}
