import type { Claim, CutOffKind, DeferralState, SpendVerdict } from '#core';

export type TokenVerdict = Exclude<SpendVerdict['verdict'], 'claim_reused'>;

/** How the database settled one entry. */
export type Outcome =
  | { readonly is: 'claim_reused'; readonly reused: Claim }
  | { readonly is: 'recorded' }
  | {
      readonly is: 'judged';
      readonly verdict: TokenVerdict;
      /** The token was spent, by a request that was not this one: if it has another use, that can be tried. */
      readonly isOpenToOthers?: boolean;
    }
  | { readonly is: 'noted'; readonly mismatches: number; readonly killed: boolean }
  | { readonly is: 'cut_off'; readonly kind: CutOffKind }
  | { readonly is: 'revoked' }
  | { readonly is: 'repeated' }
  | {
      readonly is: 'deferral';
      readonly heard: 'deferred' | 'too_many' | 'slow_down' | 'done' | DeferralState;
    }
  /** The database cannot answer for this entry now; nothing of it may be kept. */
  | { readonly is: 'unsettled'; readonly why: string };
