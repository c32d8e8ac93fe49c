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

/** Drops the oldest day, if it is older than the log is kept (`keepAuditLog`). Fails  Error of the driver */
export async function dropOldAuditDay(connection: PoolClient): Promise<void> {
  await connection.query(`BEGIN; SET LOCAL lock_timeout TO ${LOCK_TIMEOUT_MS}`);
  await connection.query('SELECT drop_old_audit_day()');
  await connection.query('COMMIT');
}
