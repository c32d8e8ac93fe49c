import { MISMATCHES_THAT_KILL, type SpendAttempt } from '#core';
import { RingBehind, type BatchRun } from './batch-run.ts';
import { byteaArray, float8Array, int2Array, int4Array, uuidArray } from './binary-arrays.ts';
import { grouped } from './grouped.ts';
import { IS_OF_THIS_LEDGER } from './incarnation.ts';
import { findKept, type KeptToken } from './kept-token.ts';
import type { Outcome, TokenVerdict } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';
import { RING_TABLES, tableOf } from './ring.ts';
import { together } from './together.ts';
import { tokenRows, type TokenWork } from './token-rows.ts';

type Outcomes = Map<BatchEntry, Outcome>;

/**
 * Spends tokens and counts mismatches, and tells each entry its outcome. Within a batch all is concurrent, so it may
 * be put in any order: of several spends of a token the first is tried and the others are judged by what then stands
 * in the ledger; mismatches are counted after spends. Its writes are on their way when it returns, in the order in
 * which they lock.
 *
 * Fails  RingBehind; Error of the driver
 */
export async function settleTokens(run: BatchRun, entries: readonly BatchEntry[]): Promise<Outcomes> {
  const outcomes: Outcomes = new Map(
    entries.map((entry) => [entry, DEAD_LEDGER[entry.wants?.act ?? 'none']]),
  );
  const groups = inLockOrder(tokenRows(entries, run));
  await together(run.connection, () => groups.map((rows) => settleGroup(run, rows, outcomes)));
  return outcomes;
}

async function settleGroup(run: BatchRun, rows: readonly TokenWork[], outcomes: Outcomes): Promise<void> {
  const isOpen = await write(run, rows, outcomes);
  if (!isOpen) return refuse(run, rows, outcomes);
  // The rows of these tokens are locked by now, so counting in a second statement waits for nobody.
  const counted = rows.filter(({ spends, mismatches }) => spends.length > 0 && mismatches.length > 0);
  if (counted.length === 0) return;
  await write(
    run,
    counted.map((row) => ({ ...row, spends: [] })),
    outcomes,
  );
}

const DEAD_LEDGER = {
  spend: { is: 'judged', verdict: 'ledger_gone' },
  mismatch: { is: 'noted', mismatches: 0, killed: false },
  none: { is: 'recorded' },
} as const satisfies Record<string, Outcome>;

/** By table, then by bucket and incarnation, then by id: every process locks in this order. */
function inLockOrder(rows: readonly TokenWork[]): TokenWork[][] {
  return [...grouped(rows, ({ bucket, incarnation }) => `${bucket} ${incarnation}`).values()]
    .toSorted(([one], [other]) => compare(sortKey(one), sortKey(other)))
    .map((group) => group.toSorted((one, other) => compare(one.jti, other.jti)));
}

function sortKey(row: TokenWork | undefined): string {
  return row === undefined ? '' : `${tableOf(row.bucket)} ${row.bucket} ${row.incarnation}`;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Writes rows of one bucket and one incarnation. False when that bucket is not open, and nothing was written. */
async function write(run: BatchRun, rows: readonly TokenWork[], outcomes: Outcomes): Promise<boolean> {
  const [{ bucket, incarnation } = { bucket: 0, incarnation: '' }] = rows;
  const first = rows.map(({ spends }) => spends[0]?.wants.token ?? null);
  const answer = await run.connection.query<{ open: boolean; all: boolean; written: string | null }>({
    name: `ledger.write_tokens_${tableOf(bucket)}`,
    text: WRITES[tableOf(bucket)] ?? '',
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
    ],
  });
  const [result] = answer.rows;
  if (result?.open !== true) return false;
  const written = readWritten(result.written);
  const lost: TokenWork[] = [];
  for (const row of rows) {
    const [winner] = row.spends;
    const found = result.all ? WON : written.get(row.jti);
    if (winner === undefined) countMismatches(row, found, outcomes);
    else if (found === undefined) lost.push(row);
    else judgeWon(row, winner, outcomes);
  }
  if (lost.length > 0) await judgeLost(run, lost, outcomes);
  return true;
}

const NEVER = -1;

interface Written {
  readonly mismatches: number;
  readonly isSpent: boolean;
}

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

/** Nothing is found of a token that has expired. */
function countMismatches(row: TokenWork, found: Written | undefined, outcomes: Outcomes): void {
  if (found === undefined) return;
  let mismatches = found.mismatches - row.mismatches.length;
  for (const { entry } of row.mismatches) {
    mismatches++;
    outcomes.set(entry, {
      is: 'noted',
      mismatches,
      killed: !found.isSpent && mismatches >= MISMATCHES_THAT_KILL,
    });
  }
}

function judgeWon(row: TokenWork, winner: TokenWork['spends'][0], outcomes: Outcomes): void {
  outcomes.set(winner.entry, judged('spent'));
  if (row.spends.length === 1) return;
  const others = row.spends.filter((spend) => spend !== winner);
  judgeOthers({ ...row, spends: others }, { ...winner.wants.token, mismatches: 0 }, outcomes);
}

/** Looks with a new snapshot: whoever won has committed by now, for we waited for it. */
async function judgeLost(run: BatchRun, lost: readonly TokenWork[], outcomes: Outcomes): Promise<void> {
  const kept = await findKept(run.connection, lost);
  for (const row of lost) judgeOthers(row, kept.get(row.jti) ?? null, outcomes);
}

/** Judges every spend of a token by what stands in the ledger; null where the token has expired. */
function judgeOthers(row: TokenWork, kept: KeptToken | null, outcomes: Outcomes): void {
  for (const { entry, wants } of row.spends) {
    const verdict = verdictOn(wants.token, kept);
    const isOpenToOthers =
      verdict === 'already_spent' && kept?.fingerprint?.equals(wants.token.fingerprint) === false;
    outcomes.set(entry, { is: 'judged', verdict, isOpenToOthers });
  }
}

function verdictOn(
  { spender, repeatKey, fingerprint, uses }: SpendAttempt,
  kept: KeptToken | null,
): TokenVerdict {
  if (kept === null) return 'expired';
  // A row without a spender that could not be spent has been killed; anything else is a clock that ran backwards.
  if (kept.spender === null) return kept.mismatches >= MISMATCHES_THAT_KILL ? 'killed' : 'expired';
  if (kept.spender !== spender || repeatKey === null || kept.repeatKey?.equals(repeatKey) !== true) {
    // What is left of a token of several uses dies of mismatches too.
    return uses > 1 && kept.mismatches >= MISMATCHES_THAT_KILL ? 'killed' : 'already_spent';
  }
  return kept.fingerprint?.equals(fingerprint) === true ? 'repeated' : 'key_conflict';
}

function judged(verdict: TokenVerdict): Outcome {
  return { is: 'judged', verdict };
}

/** The bucket is not open: the incarnation is another, or all in it has expired, or nobody has advanced the ring. */
async function refuse(run: BatchRun, rows: readonly TokenWork[], outcomes: Outcomes): Promise<void> {
  const found = await run.connection.query<{ incarnation: string; floor: number }>(
    `SELECT incarnation, floor::float8 FROM ledger_incarnation WHERE ${IS_OF_THIS_LEDGER}`,
    [run.tokens.bucketSeconds],
  );
  const [ledger] = found.rows;
  for (const { incarnation, bucket, spends, mismatches } of rows) {
    if (ledger?.incarnation !== incarnation) continue;
    if (bucket <= ledger.floor) {
      for (const { entry } of spends) outcomes.set(entry, judged('expired'));
      continue;
    }
    if (!run.hasAdvanced) throw new RingBehind();
    const unsettled = { is: 'unsettled', why: 'the token lives longer than the ledger remembers' } as const;
    for (const { entry } of [...spends, ...mismatches]) outcomes.set(entry, unsettled);
  }
}

/**
 * One statement per table of the ring. A row that is there already is only touched by a mismatch, or by the spend of
 * a token that was mismatched before and still lives; a spend that is not returned has lost.
 */
const WRITES = RING_TABLES.map(
  (table) => `
    WITH ledger AS MATERIALIZED (
      SELECT FROM ledger_incarnation
       WHERE incarnation = $2 AND ${IS_OF_THIS_LEDGER}
         AND $3::int8 > floor AND $3::int8 <= floor + ${RING_TABLES.length}),
    written AS (
      INSERT INTO ledger_${table} AS kept (jti, spender, repeat_key, fingerprint, mismatches)
      SELECT t.jti, t.spender, t.repeat_key, t.fingerprint, t.mismatches
        FROM ledger,
             unnest($4::uuid[], $5::float8[], $6::int4[], $7::bytea[], $8::bytea[], $9::int2[])
               AS t (jti, exp, spender, repeat_key, fingerprint, mismatches)
       WHERE t.exp > extract(epoch FROM clock_timestamp())
      ON CONFLICT (jti) DO UPDATE
         SET spender = coalesce(kept.spender, excluded.spender),
             repeat_key = CASE WHEN kept.spender IS NULL THEN excluded.repeat_key ELSE kept.repeat_key END,
             fingerprint = CASE WHEN kept.spender IS NULL THEN excluded.fingerprint ELSE kept.fingerprint END,
             mismatches = least(kept.mismatches::int4 + excluded.mismatches, ${2 ** 15 - 1})
       WHERE excluded.spender IS NULL
          OR (kept.spender IS NULL AND kept.mismatches < ${MISMATCHES_THAT_KILL})
      RETURNING jti, mismatches, spender IS NOT NULL AS spent)
    SELECT EXISTS (SELECT FROM ledger) AS open, (SELECT count(*) FROM written) = $10::int8 AS all,
           CASE WHEN (SELECT count(*) FROM written) <> $10::int8 THEN
             (SELECT string_agg(concat_ws(' ', jti, mismatches, spent), ',') FROM written)
           END AS written`,
);
