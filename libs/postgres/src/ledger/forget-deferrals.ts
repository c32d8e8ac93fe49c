import type { PoolClient } from 'pg';

/** Forgets what is over. For an hour its client can still hear how it ended. Fails  Error of the driver */
export async function forgetDeferrals(connection: PoolClient): Promise<void> {
  await connection.query("DELETE FROM deferral WHERE expires_at < statement_timestamp() - interval '1 hour'");
}
