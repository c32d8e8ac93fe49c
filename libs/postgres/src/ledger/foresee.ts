import type { Reliance } from '#core';
import type { BatchRun } from './batch-run.ts';
import type { Outcome } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';
import { holdersIn, holdsItsIds, idsInLockOrder } from './settle-claims.ts';
import { tokensInLockOrder } from './settle-tokens.ts';
import { tokenRows, type TokenWork } from './token-rows.ts';
import type { UsedId } from './used-id.ts';

/**
 * A batch in which everybody wants something else, so that one statement can grant all of it. Ids and tokens are in the
 * order in which they lock.
 */
export interface Foreseen {
  readonly ids: readonly UsedId[];
  readonly tokens: readonly TokenWork[];
  /** What the permits of the batch stand on. */
  readonly reliances: readonly Reliance[];
}

/** What an entry hears when nothing stands against it; null where that cannot be told before. */
export function foreseenOutcome({ wants }: BatchEntry): Outcome | null {
  if (wants === null || wants.act === 'permit') return { is: 'recorded' };
  return wants.act === 'spend' ? { is: 'judged', verdict: 'spent' } : null;
}

/**
 * What a batch needs where all goes well; null where it is known already that it will not, or where ids or tokens lie
 * in other than two neighbouring buckets.
 */
export function foresee(
  entries: readonly BatchEntry[],
  run: Pick<BatchRun, 'ledger' | 'tokens' | 'elsewhere'>,
): Foreseen | null {
  if (entries.some((entry) => foreseenOutcome(entry) === null)) return null;
  const holders = holdersIn(entries);
  const spends = entries.filter(({ wants }) => wants?.act === 'spend');
  if (spends.length > 0 && run.elsewhere !== null) return null;
  if (!entries.every((entry) => holdsItsIds(entry, holders))) return null;
  const ids = idsInLockOrder([...holders.values()].map(({ usedId }) => usedId)).flat();
  const tokens = tokensInLockOrder(tokenRows(spends, run)).flat();
  // Fewer where one is spent twice, or belongs to another ledger.
  if (tokens.length < spends.length) return null;
  if (tokens.some(({ incarnation }) => incarnation !== tokens[0]?.incarnation)) return null;
  if (!areNeighbours(ids) || !areNeighbours(tokens)) return null;
  const reliances = entries.flatMap(({ wants }) => (wants?.act === 'permit' ? wants.reliances : []));
  return { ids, tokens, reliances };
}

function areNeighbours(rows: readonly { readonly bucket: number }[]): boolean {
  const buckets = rows.map(({ bucket }) => bucket);
  return rows.length === 0 || Math.max(...buckets) - Math.min(...buckets) <= 1;
}
