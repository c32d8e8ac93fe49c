import { sha256 } from '#core';
import type { BatchRun } from './batch-run.ts';
import type { Outcome } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';
import { settleTokens } from './settle-tokens.ts';
import type { Spend } from './token-rows.ts';

/**
 * Gives what found the first use of its token taken the second one, and so on. Each use is a row of its own, under an
 * id that follows from the token's. Whoever is here holds the lock on the row of the first use, so nobody else is at
 * the others, and they can be taken in any order.
 *
 * In     outcomes  as settled for the first use; changed where another use decides
 * Fails  Error of the driver
 */
export async function settleLaterUses(
  run: BatchRun,
  entries: readonly BatchEntry[],
  outcomes: Map<BatchEntry, Outcome>,
): Promise<void> {
  for (let use = 2; ; use++) {
    const turns = new Map<BatchEntry, BatchEntry>();
    for (const entry of entries) {
      const { wants } = entry;
      if (wants?.act !== 'spend' || wants.token.uses < use || !isOpen(outcomes.get(entry))) continue;
      turns.set(turnOf(wants, use), entry);
    }
    if (turns.size === 0) return;
    for (const [turn, outcome] of await settleTokens(run, [...turns.keys()])) {
      const entry = turns.get(turn);
      if (entry !== undefined) outcomes.set(entry, outcome);
    }
  }
}

function isOpen(outcome: Outcome | undefined): boolean {
  return outcome?.is === 'judged' && outcome.isOpenToOthers === true;
}

/** Stands for an entry at another row. It is settled, and nothing else. */
function turnOf({ act, token }: Spend, use: number): BatchEntry {
  const nothing = (): void => undefined;
  return {
    usedIds: [],
    wants: { act, token: { ...token, jti: idOfUse(token.jti, use) } },
    row: null,
    conclude: () => false,
    resolve: nothing,
    reject: nothing,
  };
}

/** 128 bits of SHA-256: no token has an id of this kind, and no two uses share one. */
function idOfUse(jti: string, use: number): string {
  const hex = sha256(`${jti.toLowerCase()} use ${use}`).toString('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
