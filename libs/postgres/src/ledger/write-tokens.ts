import { MISMATCHES_THAT_KILL } from '#core';
import type { BatchRun } from './batch-run.ts';
import { byteaArray, float8Array, int2Array, int4Array, textArray, uuidArray } from './binary-arrays.ts';
import { IS_CALM, revokedAmong } from './cut-off-sql.ts';
import { IS_OF_THIS_LEDGER } from './incarnation.ts';
import { relianceArrays } from './reliance-arrays.ts';
import { RING_TABLES, tableOf } from './ring.ts';
import type { TokenWork } from './token-rows.ts';

/** A row as it stands after it was written. */
export interface Written {
  readonly mismatches: number;
  readonly isSpent: boolean;
}

/**
 * `closed`: the bucket is not open. `not_calm`: something was cut off of late, and the tokens have to be held against
 * it. In both cases nothing was written.
 */
export type TokensWritten =
  | 'closed'
  | 'not_calm'
  | { readonly of: (row: TokenWork) => Written | undefined; readonly isRevoked: (row: TokenWork) => boolean };

interface Answer {
  open: boolean;
  calm: boolean;
  all: boolean;
  written: string | null;
  revoked: string | null;
}

/**
 * Writes rows of one bucket and one incarnation in one statement. Nearly always nothing was cut off within the life of
 * any token, and the statement finds just that out; else what the tokens stand on goes with them.
 */
export async function writeTokens(
  run: BatchRun,
  rows: readonly TokenWork[],
  cutOffs: 'if_calm' | 'looked_up',
): Promise<TokensWritten> {
  const [{ bucket, incarnation } = { bucket: 0, incarnation: '' }] = rows;
  const first = rows.map(({ spends }) => spends[0]?.wants.token ?? null);
  const table = tableOf(bucket);
  const looksUp = cutOffs === 'looked_up';
  const answer = await run.connection.query<Answer>({
    name: `ledger.write_tokens_${looksUp ? 'looking_up_' : ''}${table}`,
    text: (looksUp ? LOOKING_UP : IF_CALM)[table] ?? '',
    values: [
      run.tokens.bucketSeconds,
      incarnation,
      bucket,
      uuidArray(rows.map(({ jti }) => jti)),
      float8Array(rows.map(({ exp }) => exp)),
      int4Array(first.map((attempt) => attempt?.spender ?? null)),
      byteaArray(first.map((attempt) => attempt?.repeatKey ?? null)),
      byteaArray(first.map((attempt) => attempt?.fingerprint ?? null)),
      int2Array(rows.map(({ spends, mismatches }) => (spends.length > 0 ? 0 : mismatches.length))),
      // Where nothing has to be counted, "all of them" is answer enough.
      rows.every(({ spends }) => spends.length > 0) ? rows.length : NEVER,
      textArray(first.map((attempt) => attempt?.targetUri ?? null)),
      ...(looksUp ? relianceArrays(first) : []),
    ],
  });
  const [result] = answer.rows;
  if (result?.open !== true) return 'closed';
  if (!result.calm) return 'not_calm';
  const written = readWritten(result.written);
  const revoked = new Set(result.revoked?.split(','));
  return {
    of: ({ jti }) => (result.all ? WON : written.get(jti)),
    isRevoked: ({ jti }) => revoked.has(jti),
  };
}

const NEVER = -1;

const WON: Written = { mismatches: 0, isSpent: true };

/** `jti mismatches spent`, for each row that was written. */
function readWritten(text: string | null): Map<string, Written> {
  const written = new Map<string, Written>();
  for (const row of text?.split(',') ?? []) {
    const [jti = '', mismatches, isSpent] = row.split(' ');
    written.set(jti, { mismatches: Number(mismatches), isSpent: isSpent === 't' });
  }
  return written;
}

const UNLESS_CUT_OFFS_ARE_RECENT = {
  ctes: `
    calm AS MATERIALIZED (SELECT ${IS_CALM} AS calm)`,
  condition: '(SELECT calm FROM calm)',
  columns: '(SELECT calm FROM calm) AS calm, NULL AS revoked',
};

const UNLESS_CUT_OFF = {
  ctes: `
    revoked AS MATERIALIZED (${revokedAmong(12)})`,
  condition: 't.jti NOT IN (SELECT jti FROM revoked)',
  columns: `true AS calm, (SELECT string_agg(jti::text, ',') FROM revoked) AS revoked`,
};

const IF_CALM = statements(UNLESS_CUT_OFFS_ARE_RECENT);
const LOOKING_UP = statements(UNLESS_CUT_OFF);

/**
 * One statement per table of the ring. A row that is there already is only touched by a mismatch, or by the spend of
 * a token that was mismatched before and still lives; a spend that is not returned has lost.
 */
function statements(unless: typeof UNLESS_CUT_OFF): readonly string[] {
  return RING_TABLES.map(
    (table) => `
    WITH ledger AS MATERIALIZED (
      SELECT FROM ledger_incarnation
       WHERE incarnation = $2 AND ${IS_OF_THIS_LEDGER}
         AND $3::int8 > floor AND $3::int8 <= floor + ${RING_TABLES.length}),${unless.ctes},
    written AS (
      INSERT INTO ledger_${table} AS kept (jti, spender, repeat_key, fingerprint, mismatches, target_uri)
      SELECT t.jti, t.spender, t.repeat_key, t.fingerprint, t.mismatches, t.target_uri
        FROM ledger,
             unnest($4::uuid[], $5::float8[], $6::int4[], $7::bytea[], $8::bytea[], $9::int2[],
                    $11::text[])
               AS t (jti, exp, spender, repeat_key, fingerprint, mismatches, target_uri)
       WHERE t.exp > extract(epoch FROM clock_timestamp()) AND ${unless.condition}
      ON CONFLICT (jti) DO UPDATE
         SET spender = coalesce(kept.spender, excluded.spender),
             repeat_key = CASE WHEN kept.spender IS NULL THEN excluded.repeat_key ELSE kept.repeat_key END,
             fingerprint = CASE WHEN kept.spender IS NULL THEN excluded.fingerprint ELSE kept.fingerprint END,
             target_uri = CASE WHEN kept.spender IS NULL THEN excluded.target_uri ELSE kept.target_uri END,
             mismatches = least(kept.mismatches::int4 + excluded.mismatches, ${2 ** 15 - 1})
       WHERE excluded.spender IS NULL
          OR (kept.spender IS NULL AND kept.mismatches < ${MISMATCHES_THAT_KILL})
      RETURNING jti, mismatches, spender IS NOT NULL AS spent)
    SELECT EXISTS (SELECT FROM ledger) AS open, (SELECT count(*) FROM written) = $10::int8 AS all,
           CASE WHEN (SELECT count(*) FROM written) <> $10::int8 THEN
             (SELECT string_agg(concat_ws(' ', jti, mismatches, spent), ',') FROM written)
           END AS written,
           ${unless.columns}`,
  );
}
