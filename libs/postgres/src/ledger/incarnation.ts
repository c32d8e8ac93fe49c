import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import { lastWhollyPast } from './advance-ring.ts';
import { ADVISORY_CLASS, RING_TABLES, type Ring } from './ring.ts';

/**
 * SQL, true of the incarnation's row only where it was written: on this start of the server, in this table and this
 * database. A restart, a dump, a standby and a copy of the database each fail one of the three. Brokers that do not
 * agree on the length of a bucket do not share an incarnation either: they would look for a token in different tables.
 * Parameter $1: that length.
 */
export const IS_OF_THIS_LEDGER = `bucket_seconds = $1::int4 AND boot = pg_postmaster_start_time() AND relation = tableoid
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** A floor that has not passed yet says that the clock was set back: the ring cannot serve this time. */
const READ = `
  SELECT incarnation FROM ledger_incarnation
   WHERE ${IS_OF_THIS_LEDGER} AND floor <= ${lastWhollyPast('$1::int4')} + 1`;

/** How long an opener waits for batches and other openers. */
const LOCK_TIMEOUT_MS = 1_500;

/** The living incarnation of the ledger, or null when there is none. */
export async function readIncarnation(connection: PoolClient, ring: Ring): Promise<string | null> {
  const { rows } = await connection.query<{ incarnation: string }>({
    name: 'ledger.incarnation',
    text: READ,
    values: [ring.bucketSeconds],
  });
  return rows[0]?.incarnation ?? null;
}

/**
 * The incarnation of the ledger; a new one, on emptied tables, when there is none that lives. Any number of processes
 * may open at once: one makes it, the others find it. The advisory lock comes before every lock of a table, and the
 * row is replaced and not truncated: other orders deadlock with batches.
 *
 * Fails  Error when the tables would outlive a crash; Error of the driver
 */
export async function openIncarnation(connection: PoolClient, ring: Ring): Promise<string> {
  await requireUnlogged(connection);
  const found = await readIncarnation(connection, ring);
  if (found !== null) return found;
  await connection.query(`BEGIN; SET LOCAL lock_timeout TO ${LOCK_TIMEOUT_MS}`);
  await connection.query('SELECT pg_advisory_xact_lock($1, $2)', [ADVISORY_CLASS, ring.advisoryLock]);
  const made = (await readIncarnation(connection, ring)) ?? (await replaceIncarnation(connection, ring));
  await connection.query('COMMIT');
  return made;
}

async function replaceIncarnation(connection: PoolClient, ring: Ring): Promise<string> {
  const incarnation = randomBytes(9).toString('base64url');
  // INVARIANT: a new incarnation starts on empty tables, so nothing that it accepts was spent under its name before.
  await connection.query(`TRUNCATE ${RING_TABLES.map((table) => `ledger_${table}`).join(', ')}`);
  await connection.query(
    `INSERT INTO ledger_incarnation (incarnation, bucket_seconds, boot, relation, database, floor)
     SELECT $2, $1::int4, pg_postmaster_start_time(), 'ledger_incarnation'::regclass, oid, ${lastWhollyPast('$1::int4')}
       FROM pg_database WHERE datname = current_database()
     ON CONFLICT (singleton) DO UPDATE
        SET incarnation = excluded.incarnation, bucket_seconds = excluded.bucket_seconds, boot = excluded.boot,
            relation = excluded.relation, database = excluded.database, floor = excluded.floor`,
    [ring.bucketSeconds, incarnation],
  );
  return incarnation;
}

/** A logged table comes back from a crash with an older state and still has its incarnation: that must not be. */
async function requireUnlogged(connection: PoolClient): Promise<void> {
  const tables = ['ledger_incarnation', ...RING_TABLES.map((table) => `ledger_${table}`)];
  const { rows } = await connection.query<{ name: string }>(
    `SELECT relname AS name FROM unnest($1::text[]) AS t (name)
       JOIN pg_class ON pg_class.oid = to_regclass(t.name) WHERE relpersistence = 'u'`,
    [tables],
  );
  const unlogged = new Set(rows.map(({ name }) => name));
  const wrong = tables.filter((table) => !unlogged.has(table));
  if (wrong.length > 0) throw new Error(`not an unlogged table: ${wrong.join(', ')}`);
}
