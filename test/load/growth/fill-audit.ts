import type { Client } from 'pg';
import { inPortions } from './in-portions.ts';

/**
 * Fills the audit log's partition of today up to so many events, copies of one that the broker wrote, in the order of
 * their ids and through all indexes. They need not be on disk one by one.
 */
export async function fillAudit(database: Client, events: number): Promise<void> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::int FROM audit_event WHERE at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'`,
  );
  const missing = events - (rows[0]?.count ?? 0);
  await database.query('SET synchronous_commit = off');
  await inPortions(missing, (from, to) => database.query(COPIES, [from, to, Date.now()]));
  await database.query('RESET synchronous_commit');
  // As the server would do by itself, some time later.
  await database.query('ANALYZE audit_event');
}

const COPIES = `
  WITH sample AS MATERIALIZED (SELECT * FROM audit_event ORDER BY id DESC LIMIT 1)
  INSERT INTO audit_event (id, at, type, outcome, reason, reason_id, txn, event)
  SELECT made.id, sample.at, sample.type, sample.outcome, sample.reason, made.id::text, made.id::text, sample.event
    FROM sample,
         (SELECT (lpad(to_hex($3::int8), 12, '0') || substr(md5(number::text || clock_timestamp()), 1, 20))::uuid AS id
            FROM generate_series($1::int8, $2::int8) AS number) AS made`;
