import type { PoolClient } from 'pg';

const DAYS_AHEAD = 3;
const LOCK_TIMEOUT_MS = 500;

/**
 * Makes the partitions of today and the coming days. Does nothing when another process is at it. A function of the
 * database does it, because brokers do not own the log.
 *
 * Fails  Error of the driver
 */
export async function makeAuditPartitions(connection: PoolClient): Promise<void> {
  await connection.query(`BEGIN; SET LOCAL lock_timeout TO ${LOCK_TIMEOUT_MS}`);
  await connection.query('SELECT make_audit_partitions($1)', [DAYS_AHEAD]);
  await connection.query('COMMIT');
}
