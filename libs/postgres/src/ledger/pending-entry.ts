import {
  Unavailable,
  type DeferralAct,
  type JournalEntry,
  type NewDeferral,
  type Reliance,
  type Revocation,
  type SpendAttempt,
  type TokenEntry,
} from '#core';
import { auditRow, type AuditRow } from './audit-row.ts';
import type { Outcome } from './outcome.ts';
import { usedId, type UsedId } from './used-id.ts';

/** What an entry wants beside its claims and its record; null when that is all. */
export type Act =
  | { readonly act: 'spend'; readonly token: SpendAttempt }
  | { readonly act: 'mismatch'; readonly token: TokenEntry }
  | { readonly act: 'permit'; readonly reliances: readonly Reliance[] }
  | { readonly act: 'revoke'; readonly revocation: Revocation }
  | { readonly act: 'defer'; readonly deferral: NewDeferral }
  | { readonly act: 'settle_deferral'; readonly deferral: DeferralAct }
  | null;

/** One entry on its way through a batch. */
export interface BatchEntry {
  readonly usedIds: readonly UsedId[];
  readonly wants: Act;
  readonly row: AuditRow | null;
  /** Hears how it was settled and makes its event. False: it cannot go on with the batch, and has been told why. */
  conclude(outcome: Outcome): boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/** An entry and the promise of its verdict. */
export class PendingEntry<Verdict> implements BatchEntry {
  readonly usedIds: readonly UsedId[];
  readonly verdict: Promise<Verdict>;
  row: AuditRow | null = null;
  private heard: { readonly verdict: Verdict } | null = null;
  private settle!: (verdict: Verdict) => void;
  reject!: (error: unknown) => void;

  /** Fails  RangeError when a claim has no expiry */
  constructor(
    private readonly entry: JournalEntry<Verdict>,
    readonly wants: Act,
    private readonly verdictOf: (outcome: Outcome) => Verdict,
  ) {
    this.usedIds = entry.claims.map((claim) => usedId(claim));
    this.verdict = new Promise<Verdict>((resolve, reject) => {
      this.settle = resolve;
      this.reject = reject;
    });
  }

  /** Describes the event anew each time: what is written last is what was concluded last. */
  conclude(outcome: Outcome): boolean {
    try {
      if (outcome.is === 'unsettled') throw new Unavailable(outcome.why);
      const verdict = this.verdictOf(outcome);
      this.row = auditRow(this.entry.describe(verdict));
      this.heard = { verdict };
      return true;
    } catch (error) {
      this.reject(error);
      return false;
    }
  }

  resolve(): void {
    if (this.heard === null) this.reject(new Unavailable('the entry was never settled'));
    else this.settle(this.heard.verdict);
  }
}
