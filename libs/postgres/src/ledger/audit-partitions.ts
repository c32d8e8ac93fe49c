import type { PoolClient } from 'pg';
import { ADVISORY_CLASS } from './ring.ts';

const ADVISORY_LOCK = 3;
const DAYS_AHEAD = 3;
const LOCK_TIMEOUT_MS = 500;

/**
 * Makes the partitions of today and the coming days. Does nothing when another process is at it.
 *
 * Fails  Error of the driver
 */
export async function makeAuditPartitions(connection: PoolClient): Promise<void> {
  await connection.query(`BEGIN; SET LOCAL lock_timeout TO ${LOCK_TIMEOUT_MS}`);
  const { rows } = await connection.query<{ day: string; next: string; locked: boolean }>(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, to_char(day + 1, 'YYYY-MM-DD') AS next, l.locked
       FROM (SELECT pg_try_advisory_xact_lock($1, $2) AS locked) AS l,
            (SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date + n AS day FROM generate_series(0, $3::int) AS n) AS d
      WHERE to_regclass(to_char(day, '"audit_event_"YYYYMMDD')) IS NULL`,
    [ADVISORY_CLASS, ADVISORY_LOCK, DAYS_AHEAD],
  );
  for (const { day, next, locked } of rows) {
    if (locked) await connection.query(createPartition(day, next));
  }
  await connection.query('COMMIT');
}

/** `CREATE TABLE .. PARTITION OF` takes no parameters; days come from the database, as `YYYY-MM-DD`. */
function createPartition(day: string, next: string): string {
  const table = `audit_event_${day.replaceAll('-', '')}`;
  return `
    CREATE TABLE ${table} PARTITION OF audit_event
      FOR VALUES FROM ('${day} 00:00:00+00') TO ('${next} 00:00:00+00');
    CREATE TRIGGER refuse_statement BEFORE TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE ${table} ENABLE ALWAYS TRIGGER refuse_statement`;
}
