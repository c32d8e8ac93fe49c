import type { SpentTokens } from '#core';
import type { BatchRun } from './batch-run.ts';
import { findDead } from './find-dead.ts';
import type { Outcome } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';

/**
 * Tokens of one batch that are spent in another place. What was done there is not rolled back with the transaction, so
 * it is remembered for when the batch has to run again.
 */
export class TokensElsewhere {
  private readonly settled = new Map<BatchEntry, Outcome>();

  constructor(private readonly tokens: SpentTokens) {}

  /**
   * Settles what is not known to be dead, and then looks once more at what would be honoured: something may have been
   * cut off while it was on its way.
   *
   * In     outcomes  of dead tokens; those of all others are added
   * Fails  Error of the driver
   */
  async settle(
    run: BatchRun,
    entries: readonly BatchEntry[],
    outcomes: Map<BatchEntry, Outcome>,
  ): Promise<void> {
    const living = entries.flatMap((entry) => {
      const { wants } = entry;
      const isOfToken = wants?.act === 'spend' || wants?.act === 'mismatch';
      return isOfToken && !outcomes.has(entry) ? [{ entry, wants }] : [];
    });
    const asked = living.filter(({ entry }) => !this.settled.has(entry));
    const heard = asked.length === 0 ? [] : await this.tokens.settle(asked.map(({ wants }) => wants));
    for (const [at, { entry }] of asked.entries()) this.settled.set(entry, heard[at] ?? UNSETTLED);
    for (const { entry } of living) outcomes.set(entry, this.settled.get(entry) ?? UNSETTLED);
    const honoured = living.map(({ entry }) => entry).filter((entry) => isHonoured(outcomes.get(entry)));
    if (honoured.length === 0) return;
    for (const [entry, outcome] of await findDead(run, honoured)) outcomes.set(entry, outcome);
  }
}

const UNSETTLED: Outcome = { is: 'unsettled', why: 'the ledger of the token said nothing of it' };

function isHonoured(outcome: Outcome | undefined): boolean {
  return outcome?.is === 'judged' && (outcome.verdict === 'spent' || outcome.verdict === 'repeated');
}
