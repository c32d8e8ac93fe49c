import { IS_CALM } from './cut-off-sql.ts';
import { IS_OF_THIS_LEDGER } from './incarnation.ts';
import { RING_TABLES } from './ring.ts';

/** What one statement writes of one kind, as SQL. Lists are empty where there is nothing of it. */
export interface WritePart {
  /** How many parameters it has. */
  readonly parameters: number;
  readonly rows: readonly string[];
  /** True where nothing stands against any of its rows. */
  readonly conditions: readonly string[];
  readonly writes: readonly { readonly cte: string; readonly insert: string }[];
  /** Of its rows. */
  readonly count: readonly string[];
}

const NOTHING: WritePart = { parameters: 0, rows: [], conditions: [], writes: [], count: [] };

const OPEN = RING_TABLES.length;
const NOW = 'extract(epoch FROM clock_timestamp())';

/**
 * Parameters: length of a bucket, incarnation, first and last bucket; table, id, expiry, spender, key and fingerprint
 * of the repeat, and target of each token. OFFSET 0 keeps the planner from a join with all that was spent.
 */
export function tokensPart(tables: readonly number[]): WritePart {
  if (tables.length === 0) return NOTHING;
  const kept = tables.map(
    (table) =>
      `(t.place = ${table} AND EXISTS (SELECT FROM ledger_${table} AS l WHERE l.jti = t.jti OFFSET 0))`,
  );
  return {
    parameters: 11,
    rows: [
      `tokens AS MATERIALIZED (
      SELECT * FROM unnest($5::int2[], $6::uuid[], $7::float8[], $8::int4[], $9::bytea[], $10::bytea[], $11::text[])
        AS t (place, jti, exp, spender, repeat_key, fingerprint, target_uri))`,
    ],
    conditions: [
      IS_CALM,
      `EXISTS (SELECT FROM ledger_incarnation WHERE incarnation = $2 AND ${IS_OF_THIS_LEDGER}
                 AND $3::int8 > floor AND $4::int8 <= floor + ${OPEN})`,
      `NOT EXISTS (SELECT FROM tokens AS t WHERE t.exp <= ${NOW} OR ${kept.join(' OR ')})`,
    ],
    writes: tables.map((table) => ({
      cte: `spent_${table}`,
      insert: `INSERT INTO ledger_${table} (jti, spender, repeat_key, fingerprint, mismatches, target_uri)
      SELECT t.jti, t.spender, t.repeat_key, t.fingerprint, 0, t.target_uri FROM tokens AS t WHERE t.place = ${table}`,
    })),
    count: ['cardinality($6::uuid[])'],
  };
}

/**
 * Parameters, from `first` on: first and last bucket; table, kind, owner, id and expiry of each id. An id is looked for
 * in the whole ring, whose list of tables keeps the planner from a join.
 */
export function idsPart(tables: readonly number[], first: number): WritePart {
  if (tables.length === 0) return NOTHING;
  const [firstBucket, lastBucket, place, kind, owner, id, expires] = [0, 1, 2, 3, 4, 5, 6].map(
    (at) => `$${first + at}`,
  );
  const used = RING_TABLES.map(
    (table) =>
      `SELECT FROM used_id_${table} AS o WHERE o.id = t.id AND o.owner = t.owner AND o.kind = t.kind`,
  );
  return {
    parameters: 7,
    rows: [
      `ids AS MATERIALIZED (
      SELECT * FROM unnest(${place}::int2[], ${kind}::int2[], ${owner}::bytea[], ${id}::bytea[], ${expires}::float8[])
        AS t (place, kind, owner, id, expires))`,
    ],
    conditions: [
      `EXISTS (SELECT FROM used_id_floor
                WHERE ${firstBucket}::int8 > floor AND ${lastBucket}::int8 <= floor + ${OPEN})`,
      `NOT EXISTS (SELECT FROM ids AS t WHERE t.expires <= ${NOW} OR EXISTS (${used.join(' UNION ALL ')}))`,
    ],
    writes: tables.map((table) => ({
      cte: `used_${table}`,
      insert: `INSERT INTO used_id_${table} (kind, owner, id)
      SELECT t.kind, t.owner, t.id FROM ids AS t WHERE t.place = ${table}`,
    })),
    count: [`cardinality(${id}::bytea[])`],
  };
}

/** Parameters, from `first` on: kind, id and age of whatever permits stand on. */
export function relianceCondition(first: number): { parameters: number; condition: string } {
  return {
    parameters: 3,
    condition: `NOT EXISTS (
      SELECT FROM unnest($${first}::text[], $${first + 1}::text[], $${first + 2}::float8[]) AS r (kind, id, since)
        JOIN cut_off AS c ON c.kind = r.kind AND c.id = r.id WHERE to_timestamp(r.since) <= c.dead_until)`,
  };
}

/** Parameters, from `first` on: `auditArrays`. */
export function eventsPart(first: number): { insert: string; count: string } {
  const types = ['uuid', 'float8', 'text', 'text', 'text', 'text', 'text', 'jsonb'];
  const arrays = types.map((type, at) => `$${first + at}::${type}[]`).join(', ');
  return {
    insert: `INSERT INTO audit_event (id, at, type, outcome, reason, reason_id, txn, event)
      SELECT id, to_timestamp(at), type, outcome, reason, reason_id, txn, event
        FROM unnest(${arrays}) AS e (id, at, type, outcome, reason, reason_id, txn, event)`,
    count: `cardinality($${first}::uuid[])`,
  };
}
