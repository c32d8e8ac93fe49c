import type { SpendLookup } from '../transaction/transaction.ports.ts';
import type { SpendAttempt, SpendLedger, SpendVerdict, TokenEntry } from './spend-ledger.ts';

/** What is wanted of one token. */
export type TokenAct =
  | { readonly act: 'spend'; readonly token: SpendAttempt }
  | { readonly act: 'mismatch'; readonly token: TokenEntry };

/**
 * What became of an act.
 *
 * - `judged`     a spend, as `SpendVerdict` has it
 * - `noted`      a mismatch; none where the token is over or of another ledger
 * - `unsettled`  nobody knows whether it was done
 */
export type TokenOutcome =
  | {
      readonly is: 'judged';
      readonly verdict: Exclude<SpendVerdict['verdict'], 'claim_reused' | 'revoked'>;
    }
  | { readonly is: 'noted'; readonly mismatches: number; readonly killed: boolean }
  | { readonly is: 'unsettled'; readonly why: string };

/**
 * Knows which tokens were spent, and nothing else: no claims, no cut-offs, no record. For a ledger that keeps those in
 * another place than its tokens.
 */
export interface SpentTokens extends Pick<SpendLedger, 'current' | 'look'>, SpendLookup {
  /**
   * Settles each act at once and by itself, in the order of the list where several are about one token. What was done
   * stays done, whatever becomes of the caller. Never fails: what is not known is `unsettled`.
   */
  settle(acts: readonly TokenAct[]): Promise<readonly TokenOutcome[]>;
}
