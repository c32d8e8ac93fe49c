import type { Pool, PoolClient } from 'pg';
import { orUnavailable } from './or-unavailable.ts';

/**
 * Runs `work` in one transaction on one connection: all of its changes or none. `what` is said when there is no
 * connection or no commit.
 *
 * Fails  Unavailable, and after a failed commit the outcome is unknown; what `work` throws, and nothing has changed
 */
export async function inTransaction<Outcome>(
  pool: Pool,
  what: string,
  work: (connection: PoolClient) => Promise<Outcome>,
): Promise<Outcome> {
  const connection = await orUnavailable(what, () => pool.connect());
  let broken: Error | undefined;
  connection.on('error', ignore);
  try {
    await orUnavailable(what, () => connection.query('BEGIN'));
    const outcome = await work(connection);
    await orUnavailable(what, () => commit(connection));
    return outcome;
  } catch (error) {
    broken = await connection.query('ROLLBACK').then(
      () => undefined,
      (failure: unknown) => (failure instanceof Error ? failure : new Error(String(failure))),
    );
    throw error;
  } finally {
    connection.off('error', ignore);
    connection.release(broken);
  }
}

/** A connection that breaks fails the statement that is sent on it next; unheard it would end the process. */
function ignore(): void {}

/** Postgres answers the COMMIT of a failed transaction with ROLLBACK, and calls that a success. */
async function commit(connection: PoolClient): Promise<void> {
  const { command } = await connection.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('a statement of the transaction had failed');
}
