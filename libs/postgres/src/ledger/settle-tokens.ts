import { MISMATCHES_THAT_KILL, type SpendAttempt } from '#core';
import { RingBehind, type BatchRun } from './batch-run.ts';
import { grouped } from './grouped.ts';
import { IS_OF_THIS_LEDGER } from './incarnation.ts';
import { findKept, type KeptToken } from './kept-token.ts';
import type { Outcome, TokenVerdict } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';
import { tableOf } from './ring.ts';
import { together } from './together.ts';
import { tokenRows, type TokenWork } from './token-rows.ts';
import { writeTokens, type Written } from './write-tokens.ts';

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
  const outcomes: Outcomes = new Map();
  for (const entry of entries) {
    const act = entry.wants?.act;
    if (act === 'spend' || act === 'mismatch') outcomes.set(entry, DEAD_LEDGER[act]);
  }
  const groups = tokensInLockOrder(tokenRows(entries, run));
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

export const DEAD_LEDGER = {
  spend: { is: 'judged', verdict: 'ledger_gone' },
  mismatch: { is: 'noted', mismatches: 0, killed: false },
} as const satisfies Record<string, Outcome>;

/** By table, then by bucket and incarnation, then by id: every process locks in this order. */
export function tokensInLockOrder(rows: readonly TokenWork[]): TokenWork[][] {
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
  let written = await writeTokens(run, rows, 'if_calm');
  if (written === 'not_calm') written = await writeTokens(run, rows, 'looked_up');
  if (typeof written === 'string') return false;
  const lost: TokenWork[] = [];
  for (const row of rows) {
    const [winner] = row.spends;
    const found = written.of(row);
    if (winner === undefined) countMismatches(row, found, outcomes);
    else if (written.isRevoked(row)) judgeRevoked(row, outcomes);
    else if (found === undefined) lost.push(row);
    else judgeWon(row, winner, outcomes);
  }
  if (lost.length > 0) await judgeLost(run, lost, outcomes);
  return true;
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

/** Whether it was spent before does not matter: a repeat of what is dead is granted to nobody. */
function judgeRevoked({ spends }: TokenWork, outcomes: Outcomes): void {
  for (const { entry } of spends) outcomes.set(entry, judged('revoked'));
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
