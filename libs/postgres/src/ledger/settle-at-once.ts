import { DatabaseError } from 'pg';
import { atOnceSql, RACE_LOST } from './at-once-sql.ts';
import { auditArrays } from './audit-arrays.ts';
import type { AuditRow } from './audit-row.ts';
import type { BatchRun } from './batch-run.ts';
import { byteaArray, float8Array, int2Array, int4Array, textArray, uuidArray } from './binary-arrays.ts';
import type { Foreseen } from './foresee.ts';
import { tableOf } from './ring.ts';

/**
 * Settles a batch by one statement, as it was foreseen. False: nothing of it was written, because something else is
 * true of some entry.
 *
 * Fails  Error: whether it was written is unknown
 */
export async function settleAtOnce(
  { connection, tokens: { bucketSeconds } }: Pick<BatchRun, 'connection' | 'tokens'>,
  foreseen: Foreseen,
  rows: readonly AuditRow[],
): Promise<boolean> {
  const { name, text } = statementFor(foreseen);
  const { reliances } = foreseen;
  try {
    const answer = await connection.query<{ held: boolean }>({
      name,
      text,
      values: [
        ...tokenValues(foreseen, bucketSeconds),
        ...idValues(foreseen),
        textArray(reliances.map(({ kind }) => kind)),
        textArray(reliances.map(({ id }) => id)),
        float8Array(reliances.map(({ since }) => since / 1000)),
        ...auditArrays(rows),
      ],
    });
    return answer.rows[0]?.held === true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === RACE_LOST) return false;
    throw error;
  }
}

function tokenValues({ tokens }: Foreseen, bucketSeconds: number): readonly unknown[] {
  const [one] = tokens;
  if (one === undefined) return [];
  const attempts = tokens.map(({ spends }) => spends[0]?.wants.token ?? null);
  return [
    bucketSeconds,
    one.incarnation,
    ...firstAndLast(tokens),
    int2Array(tokens.map(({ bucket }) => tableOf(bucket))),
    uuidArray(tokens.map(({ jti }) => jti)),
    float8Array(tokens.map(({ exp }) => exp)),
    int4Array(attempts.map((attempt) => attempt?.spender ?? null)),
    byteaArray(attempts.map((attempt) => attempt?.repeatKey ?? null)),
    byteaArray(attempts.map((attempt) => attempt?.fingerprint ?? null)),
    textArray(attempts.map((attempt) => attempt?.targetUri ?? null)),
  ];
}

function idValues({ ids }: Foreseen): readonly unknown[] {
  if (ids.length === 0) return [];
  return [
    ...firstAndLast(ids),
    int2Array(ids.map(({ bucket }) => tableOf(bucket))),
    int2Array(ids.map(({ kind }) => kind)),
    byteaArray(ids.map(({ owner }) => owner)),
    byteaArray(ids.map(({ id }) => id)),
    float8Array(ids.map(({ claim }) => claim.expiresAt / 1000)),
  ];
}

function firstAndLast(rows: readonly { readonly bucket: number }[]): readonly [number, number] {
  const buckets = rows.map(({ bucket }) => bucket);
  return [Math.min(...buckets), Math.max(...buckets)];
}

const statements = new Map<string, { readonly name: string; readonly text: string }>();

/**
 * Nearly always a batch needs one table of each kind. Where a bucket ends it gets two of each, whether it needs them or
 * not: so there are few statements, each of which the server keeps planned.
 */
function statementFor({ ids, tokens }: Foreseen): { name: string; text: string } {
  const count = [ids, tokens].every((rows) => new Set(rows.map(({ bucket }) => bucket)).size <= 1) ? 1 : 2;
  const [idTables, tokenTables] = [tablesFrom(ids, count), tablesFrom(tokens, count)];
  const name = `ledger.at_once_${idTables.join('')}_${tokenTables.join('')}`;
  const known = statements.get(name);
  if (known !== undefined) return known;
  const made = { name, text: atOnceSql(idTables, tokenTables) };
  statements.set(name, made);
  return made;
}

/** Those of the first bucket and its neighbours, in the order of their numbers. */
function tablesFrom(rows: readonly { readonly bucket: number }[], count: number): readonly number[] {
  if (rows.length === 0) return [];
  const [first] = firstAndLast(rows);
  return Array.from({ length: count }, (_, at) => tableOf(first + at)).toSorted((one, other) => one - other);
}
