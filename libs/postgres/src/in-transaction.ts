import type { Pool, PoolClient } from 'pg';

/**
 * Runs `work` in one transaction on one connection: all of its changes or none.
 *
 * Fails  what the driver or `work` throws; after a failed COMMIT the outcome is unknown
 */
export async function inTransaction<Outcome>(
  pool: Pool,
  work: (connection: PoolClient) => Promise<Outcome>,
): Promise<Outcome> {
  const connection = await pool.connect();
  let broken: Error | undefined;
  try {
    await connection.query('BEGIN');
    const outcome = await work(connection);
    const { command } = await connection.query('COMMIT');
    // Postgres answers the COMMIT of a failed transaction with ROLLBACK, and calls that a success.
    if (command !== 'COMMIT') throw new Error('the transaction had failed before its end');
    return outcome;
  } catch (error) {
    broken = await connection.query('ROLLBACK').then(
      () => undefined,
      (failure: unknown) => (failure instanceof Error ? failure : new Error(String(failure))),
    );
    throw error;
  } finally {
    connection.release(broken);
  }
}
