import type { Claim, JournalEntry } from '../audit/journal.ts';
import type { CutOffKind, Reliance } from '../revocation/cut-off.ts';
import type { DeferralState, NewDeferral, StoredDeferral } from './deferral.ts';

interface Cut {
  readonly verdict: 'cut_off';
  readonly kind: CutOffKind;
}

interface Reused {
  readonly verdict: 'claim_reused';
  readonly reused: Claim;
}

/** `too_many`: the subject or the client has as many open ones as it may; nothing was written but the event. */
export type DeferVerdict = { readonly verdict: 'deferred' } | { readonly verdict: 'too_many' } | Cut | Reused;

/**
 * `is`: the state in which it was found and left alone. `slow_down`: it is pending, and was asked for too early.
 * `done`: it is what it was to become.
 */
export type DeferralVerdict =
  | { readonly verdict: 'is'; readonly state: DeferralState }
  | { readonly verdict: 'slow_down' | 'done' }
  | Cut
  | Reused;

/**
 * What is to become of a deferral.
 *
 * - `poll`    notes that its client has asked; `is` or `slow_down`, never `done`
 * - `redeem`  from `approved`: its token is given out
 * - `refuse`  from `approved`: it is denied after all
 * - `cancel`  from `pending` or `approved`
 */
export interface DeferralAct {
  readonly id: string;
  readonly does: 'poll' | 'redeem' | 'refuse' | 'cancel';
  /** Held against what was cut off; a dead one makes it `cut_off`, and changes nothing. */
  readonly reliances: readonly Reliance[];
}

/** Keeps requests that wait for an approval. Its clock is the database's. */
export interface DeferralLedger {
  /**
   * Writes one down, if the limits leave room, in the transaction that writes the event.
   *
   * Fails  Unavailable: the outcome is unknown and nothing may be answered but 503
   */
  defer(deferral: NewDeferral, entry: JournalEntry<DeferVerdict>): Promise<DeferVerdict>;

  /** The one with this code; null when there is none, or none any more. Fails  Unavailable */
  find(codeHash: Buffer): Promise<StoredDeferral | null>;

  /**
   * Does one thing to one deferral, in one statement in the transaction that writes the event: of any number of
   * concurrent acts that would change the same state exactly one hears `done`, over all processes.
   *
   * Fails  Unavailable: the outcome is unknown and nothing may be answered but 503
   */
  settle(act: DeferralAct, entry: JournalEntry<DeferralVerdict>): Promise<DeferralVerdict>;
}
