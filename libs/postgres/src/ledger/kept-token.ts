import type { PoolClient } from 'pg';
import { float8Array, uuidArray } from './binary-arrays.ts';
import { RING_TABLES, tableOf } from './ring.ts';
import type { TokenWork } from './token-rows.ts';

/** What the ledger remembers of a token. */
export interface KeptToken {
  /** Null while it has only been mismatched. */
  readonly spender: number | null;
  readonly repeatKey: Buffer | null;
  readonly fingerprint: Buffer | null;
  readonly mismatches: number;
}

interface KeptRow {
  jti: string;
  spender: number | null;
  repeat_key: Buffer | null;
  fingerprint: Buffer | null;
  mismatches: number;
}

/** What is remembered of tokens of one bucket; nothing of those that have expired. */
export async function findKept(
  connection: PoolClient,
  tokens: readonly TokenWork[],
): Promise<ReadonlyMap<string, KeptToken>> {
  const table = tableOf(tokens[0]?.bucket ?? 0);
  const { rows } = await connection.query<KeptRow>({
    name: `ledger.find_tokens_${table}`,
    text: FINDS[table] ?? '',
    values: [uuidArray(tokens.map(({ jti }) => jti)), float8Array(tokens.map(({ exp }) => exp))],
  });
  return new Map(
    rows.map(({ jti, repeat_key, ...kept }) => [jti, { repeatKey: repeat_key, ...kept }] as const),
  );
}

/** OFFSET 0 keeps the planner from a join with the whole table. */
const FINDS = RING_TABLES.map(
  (table) => `
    SELECT t.jti, kept.spender, kept.repeat_key, kept.fingerprint, kept.mismatches
      FROM unnest($1::uuid[], $2::float8[]) AS t (jti, exp),
           LATERAL (SELECT * FROM ledger_${table} AS l WHERE l.jti = t.jti OFFSET 0) AS kept
     WHERE t.exp > extract(epoch FROM clock_timestamp())`,
);
