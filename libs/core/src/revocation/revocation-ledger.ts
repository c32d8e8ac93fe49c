import type { Claim, JournalEntry } from '../audit/journal.ts';
import type { EpochMs } from '../shared/clock.ts';
import type { CutOff, CutOffKind, Reliance } from './cut-off.ts';

/** `cut_off`: something that the grant would stand on is dead; nothing may be minted. */
export type PermitVerdict =
  | { readonly verdict: 'recorded' }
  | { readonly verdict: 'cut_off'; readonly kind: CutOffKind }
  | { readonly verdict: 'claim_reused'; readonly reused: Claim };

/** A security event as its transmitter names it: it takes effect once, however often it is delivered. */
export interface EventName {
  readonly issuer: string;
  readonly jti: string;
}

/** What is to be revoked, by one act of one source. */
export interface Revocation {
  /** Whose word it is. What one source has blocked, no other lifts. */
  readonly source: string;
  /** By the source's own clock; null: now. A word that is older than a block does not lift it. */
  readonly saidAt: EpochMs | null;
  /** Null when it does not come by an event. */
  readonly event: EventName | null;
  readonly cutOffs: readonly CutOff[];
}

/** `repeated`: the event had been taken before, and has no second effect. */
export type RevocationVerdict =
  { readonly verdict: 'revoked' | 'repeated' } | { readonly verdict: 'claim_reused'; readonly reused: Claim };

/** Knows what was cut off, and since when. */
export interface RevocationLedger {
  /**
   * Records a permit, unless something that its grant stands on has been cut off: judged in the transaction that
   * writes the event.
   *
   * Fails  Unavailable: the outcome is unknown and nothing may be answered but 503
   */
  permit(reliances: readonly Reliance[], entry: JournalEntry<PermitVerdict>): Promise<PermitVerdict>;

  /**
   * Cuts off. Once the promise resolves no token that stands on any of it is ever honoured, over all processes.
   *
   * Fails  Unavailable: the outcome is unknown and nothing may be answered but 503
   */
  revoke(revocation: Revocation, entry: JournalEntry<RevocationVerdict>): Promise<RevocationVerdict>;
}
