import type { AdminChange, ChangeResult } from '#core';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../in-transaction.ts';
import { PostgresAdminTransaction } from './admin-transaction.ts';
import { claimKey, keepAnswer, StillRunning } from './idempotency.ts';
import { ask } from './query.ts';
import { writeActs } from './write-events.ts';

const WHAT = 'the change cannot be made';

/** Work may ask others, such as the policies; a process that is stopped meanwhile must not keep the lock. */
const SETTINGS = `SET LOCAL synchronous_commit TO on; SET LOCAL idle_in_transaction_session_timeout TO 20000`;

/**
 * One transaction: the key is claimed, the work is done, its acts are on record and the answer is kept; or nothing.
 *
 * Fails  what the work throws; Unavailable
 */
export async function change<Outcome>(
  pool: Pool,
  asked: AdminChange<Outcome>,
): Promise<ChangeResult<Outcome>> {
  try {
    return await inTransaction(pool, WHAT, (connection) => changeIn(connection, asked));
  } catch (error) {
    if (error instanceof StillRunning) return { refused: 'busy' };
    throw error;
  }
}

async function changeIn<Outcome>(
  connection: PoolClient,
  asked: AdminChange<Outcome>,
): Promise<ChangeResult<Outcome>> {
  const { caller, idempotency } = asked;
  await ask(connection, { what: WHAT, text: SETTINGS });
  const by = `${caller.issuer}|${caller.subject}`;
  if (idempotency !== null) {
    const claimed = await claimKey(connection, by, idempotency);
    if (claimed === 'conflict') return { refused: 'conflict' };
    if (claimed !== 'fresh') return claimed;
  }
  const { outcome, acts, answer } = await asked.work(new PostgresAdminTransaction(connection, caller));
  await writeActs(connection, caller, acts);
  if (idempotency !== null) await keepAnswer(connection, { caller: by, key: idempotency.key }, answer);
  return { done: outcome };
}
