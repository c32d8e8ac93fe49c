import type { PoolClient } from 'pg';
import { ADVISORY_CLASS, tableOf, type Ring } from './ring.ts';

/** How long an advance waits for batches that are still writing; it is tried again a little later. */
const LOCK_TIMEOUT_MS = 500;

/**
 * Empties the tables of all buckets that have wholly passed by the database's clock. Does nothing when another
 * process is at it. One table per transaction: who holds one table of a ring never waits here for another.
 *
 * Fails  Error of the driver; what was emptied before stays so
 */
export async function advanceRing(connection: PoolClient, ring: Ring): Promise<void> {
  for (;;) {
    await connection.query(`BEGIN; SET LOCAL lock_timeout TO ${LOCK_TIMEOUT_MS}`);
    const advanced = await advanceOnce(connection, ring);
    await connection.query('COMMIT');
    if (!advanced) return;
  }
}

async function advanceOnce(connection: PoolClient, ring: Ring): Promise<boolean> {
  const locked = await connection.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1, $2) AS locked',
    [ADVISORY_CLASS, ring.advisoryLock],
  );
  if (locked.rows[0]?.locked !== true) return false;
  const { rows } = await connection.query<{ floor: number; due: number }>(
    `SELECT floor::float8, ${lastWhollyPast(String(ring.bucketSeconds))}::float8 AS due FROM ${ring.floorTable}`,
  );
  const [state] = rows;
  if (state === undefined || state.floor >= state.due) return false;
  // What lies more than four buckets back has no table any more: each of the four is emptied once, and that is all.
  const bucket = Math.max(state.floor, state.due - 4) + 1;
  // INVARIANT: TRUNCATE, not DELETE. Whoever waits to insert must look anew, and sees the raised floor.
  await connection.query(`TRUNCATE ${ring.tables}_${tableOf(bucket)}`);
  await connection.query(`UPDATE ${ring.floorTable} SET floor = $1`, [bucket]);
  return true;
}

/** SQL for the number of the last bucket in which everything is dead by now, from SQL for the length of a bucket. */
export function lastWhollyPast(bucketSeconds: string): string {
  return `(floor(extract(epoch FROM clock_timestamp()) / ${bucketSeconds})::int8 - 1)`;
}
