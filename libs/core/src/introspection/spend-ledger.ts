import type { Claim, JournalEntry } from '../audit/journal.ts';
import type { Reliance } from '../revocation/cut-off.ts';
import type { EpochMs, EpochSeconds } from '../shared/clock.ts';
import type { LedgerIdentity } from '../token/grant.ts';

/** One token as its ledger knows it. */
export interface TokenEntry {
  readonly jti: string;
  readonly exp: EpochSeconds;
  readonly ledger: string;
  readonly incarnation: string;
}

export interface SpendAttempt extends TokenEntry {
  /** `number` of the resource server that spends. */
  readonly spender: number;
  /** SHA-256 of the Idempotency-Key, first 8 bytes; null when none was sent. */
  readonly repeatKey: Buffer | null;
  /** SHA-256 of the parameters that a repeat must share, first 8 bytes. */
  readonly fingerprint: Buffer;
  /** How often the token may be spent, each time with another fingerprint; nearly always 1. */
  readonly uses: number;
  /** The canonical URI that it is spent on; null where the token itself says all that there is to know of that. */
  readonly targetUri: string | null;
  readonly issuedAt: EpochMs;
  /** All that the token stands on. */
  readonly reliances: readonly Reliance[];
}

/**
 * - `spent`         this attempt, and no other, spends the token
 * - `repeated`      the same resource server spent it under the same Idempotency-Key with the same parameters
 * - `key_conflict`  the same, with other parameters
 * - `already_spent` it was spent before, as often as it may be; or one of its uses had the same parameters
 * - `killed`        three mismatches killed it
 * - `revoked`       the token, or something that it stands on, was cut off
 * - `expired`       by the ledger's own clock
 * - `ledger_gone`   the ledger is not, or no longer, the one that the token names
 * - `claim_reused`  a claim of the request was used before; the token is untouched
 */
export type SpendVerdict =
  | {
      readonly verdict:
        | 'spent'
        | 'repeated'
        | 'key_conflict'
        | 'already_spent'
        | 'killed'
        | 'revoked'
        | 'expired'
        | 'ledger_gone';
    }
  | { readonly verdict: 'claim_reused'; readonly reused: Claim };

/** `spent`: at least once. */
export type TokenState = 'unspent' | 'spent' | 'killed' | 'expired' | 'ledger_gone';

export type MismatchVerdict =
  | { readonly verdict: 'noted'; readonly mismatches: number; readonly killed: boolean }
  | { readonly verdict: 'claim_reused'; readonly reused: Claim };

/** A token is dead after so many presentations that did not match it. */
export const MISMATCHES_THAT_KILL = 3;

/** Remembers which tokens were spent, until they would have expired anyway. */
export interface SpendLedger {
  /**
   * The ledger that new tokens name.
   *
   * Fails  Unavailable while the ledger cannot be reached, or its incarnation is not known
   */
  current(): LedgerIdentity;

  /**
   * Spends a token, or one of its uses: one atomic act with one verdict. Of any number of attempts, over all processes
   * and through any crash, at most as many as it has uses ever hear `spent`, and none once a cut-off of what it stands
   * on was acknowledged. Claims are settled first: a reused one leaves the token alone.
   * The event is durable when the promise resolves.
   *
   * Fails  Unavailable: the outcome is unknown and nothing may be answered but 503
   */
  spend(attempt: SpendAttempt, entry: JournalEntry<SpendVerdict>): Promise<SpendVerdict>;

  /**
   * What is known of a token. Changes nothing and promises nothing: in the next moment it may be otherwise.
   *
   * Fails  Unavailable
   */
  look(token: TokenEntry): Promise<TokenState>;

  /** Notes that a live token was presented for something that it does not permit; the third time kills it. */
  noteMismatch(token: TokenEntry, entry: JournalEntry<MismatchVerdict>): Promise<MismatchVerdict>;
}
