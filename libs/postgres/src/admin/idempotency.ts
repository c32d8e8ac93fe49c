import { Unavailable, type IdempotentRequest, type KeptAnswer } from '#core';
import { DatabaseError, type PoolClient } from 'pg';
import { ask, askOne } from './query.ts';

const WHAT = 'the Idempotency-Key cannot be kept';

/** How long a repeat waits for the request that it repeats. */
const WAIT_MS = 250;

const LOCK_NOT_AVAILABLE = '55P03';

const IS_OLD = "created_at < clock_timestamp() - interval '24 hours'";

/** The same request is under way; its own transaction has to end before anybody knows more. */
export class StillRunning extends Error {
  override readonly name = 'StillRunning';
}

export type ClaimedKey = 'fresh' | 'conflict' | { readonly again: KeptAnswer };

/**
 * Takes the key for this transaction. The row that it writes is the lock: who else sends the same waits for it, and
 * finds the answer, or nothing when the work was undone.
 *
 * Fails  StillRunning | Unavailable, and the transaction is over
 */
export async function claimKey(
  connection: PoolClient,
  caller: string,
  { key, fingerprint }: IdempotentRequest,
): Promise<ClaimedKey> {
  const isFresh = await insertKey(connection, [caller, key, fingerprint]);
  if (isFresh) return 'fresh';
  const kept = await askOne<KeptAnswer & { fingerprint: Buffer }>(connection, {
    what: WHAT,
    text: 'SELECT fingerprint, status, headers, body FROM idempotent_answer WHERE caller = $1 AND key = $2',
    values: [caller, key],
  });
  if (kept === null) throw new Unavailable(WHAT);
  const { fingerprint: before, ...again } = kept;
  return before.equals(fingerprint) ? { again } : 'conflict';
}

async function insertKey(connection: PoolClient, values: [string, string, Buffer]): Promise<boolean> {
  try {
    await connection.query(`SET LOCAL lock_timeout TO ${WAIT_MS}`);
    await connection.query(`DELETE FROM idempotent_answer WHERE caller = $1 AND key = $2 AND ${IS_OLD}`, [
      values[0],
      values[1],
    ]);
    const { rowCount } = await connection.query(
      `INSERT INTO idempotent_answer (caller, key, fingerprint, status, headers, body)
       VALUES ($1, $2, $3, 0, '{}', '') ON CONFLICT DO NOTHING`,
      values,
    );
    await connection.query('SET LOCAL lock_timeout TO DEFAULT');
    return rowCount === 1;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE) throw new StillRunning();
    throw new Unavailable(WHAT, error);
  }
}

/** Keeps the answer beside the key, and forgets some that are old. Fails  Unavailable */
export async function keepAnswer(
  connection: PoolClient,
  { caller, key }: { caller: string; key: string },
  { status, headers, body }: KeptAnswer,
): Promise<void> {
  await ask(connection, {
    what: WHAT,
    text: 'UPDATE idempotent_answer SET status = $3, headers = $4, body = $5 WHERE caller = $1 AND key = $2',
    values: [caller, key, status, JSON.stringify(headers), body],
  });
  await ask(connection, {
    what: WHAT,
    text: `DELETE FROM idempotent_answer WHERE (caller, key) IN (
             SELECT caller, key FROM idempotent_answer WHERE ${IS_OLD} LIMIT 100 FOR UPDATE SKIP LOCKED)`,
  });
}
