import type { BatchRun } from './batch-run.ts';
import { float8Array } from './binary-arrays.ts';
import { IS_CALM, revokedAmong } from './cut-off-sql.ts';
import type { Outcome } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';
import { relianceArrays } from './reliance-arrays.ts';
import { DEAD_LEDGER } from './settle-tokens.ts';
import type { Mismatch, Spend } from './token-rows.ts';

interface Asked {
  readonly entry: BatchEntry;
  readonly wants: Spend | Mismatch;
}

/**
 * Finds the tokens that are dead by what this database knows: those of another ledger, by its clock those that have
 * expired, and those that stand on something that was cut off. Its first statement is on its way when it returns.
 *
 * Fails  Error of the driver
 */
export async function findDead(
  run: BatchRun,
  entries: readonly BatchEntry[],
): Promise<Map<BatchEntry, Outcome>> {
  const dead = new Map<BatchEntry, Outcome>();
  const ours: Asked[] = [];
  for (const entry of entries) {
    const { wants } = entry;
    if (wants?.act !== 'spend' && wants?.act !== 'mismatch') continue;
    if (wants.token.ledger === run.ledger) ours.push({ entry, wants });
    else dead.set(entry, DEAD_LEDGER[wants.act]);
  }
  if (ours.length === 0) return dead;
  const { rows } = await run.connection.query<{ calm: boolean; expired: string | null }>({
    name: 'ledger.find_expired',
    text: FIND_EXPIRED,
    values: [run.tokens.bucketSeconds, float8Array(ours.map(({ wants }) => wants.token.exp))],
  });
  const [found] = rows;
  if (found?.calm !== true) await findRevoked(run, ours, dead);
  for (const place of found?.expired?.split(',') ?? []) {
    const expired = ours[Number(place) - 1];
    if (expired !== undefined) dead.set(expired.entry, EXPIRED[expired.wants.act]);
  }
  return dead;
}

async function findRevoked(
  { connection }: BatchRun,
  asked: readonly Asked[],
  dead: Map<BatchEntry, Outcome>,
): Promise<void> {
  const attempts = asked.map(({ wants }) => (wants.act === 'spend' ? wants.token : null));
  const { rows } = await connection.query<{ jti: string }>({
    name: 'ledger.find_revoked',
    text: FIND_REVOKED,
    values: [...relianceArrays(attempts)],
  });
  const revoked = new Set(rows.map(({ jti }) => jti));
  for (const { entry, wants } of asked) {
    if (wants.act === 'spend' && revoked.has(wants.token.jti.toLowerCase())) dead.set(entry, REVOKED);
  }
}

const REVOKED: Outcome = { is: 'judged', verdict: 'revoked' };

const EXPIRED = {
  spend: { is: 'judged', verdict: 'expired' },
  mismatch: DEAD_LEDGER.mismatch,
} as const satisfies Record<string, Outcome>;

/** Places begin with 1. */
const FIND_EXPIRED = `
  SELECT ${IS_CALM} AS calm,
         (SELECT string_agg(t.place::text, ',')
            FROM unnest($2::float8[]) WITH ORDINALITY AS t (exp, place)
           WHERE t.exp <= extract(epoch FROM clock_timestamp())) AS expired`;

const FIND_REVOKED = revokedAmong(1);
