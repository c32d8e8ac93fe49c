import type { Pool } from 'pg';

const KEEP_DAYS = `
  INSERT INTO audit_retention (days) VALUES ($1)
  ON CONFLICT (only_row) DO UPDATE SET days = excluded.days`;

/**
 * Says for how many days the audit log is kept, 30 to 36 500; null: for ever. Only the owner of the database may: neither brokers nor
 * the admin process can shorten their own record.
 *
 * Fails  Error of the driver
 */
export async function keepAuditLog(pool: Pool, days: number | null): Promise<void> {
  if (days === null) await pool.query('DELETE FROM audit_retention');
  else await pool.query(KEEP_DAYS, [days]);
}
