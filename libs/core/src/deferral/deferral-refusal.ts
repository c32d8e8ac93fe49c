import type { RefusalReason } from '../errors/refusals.ts';
import { permitRefusal } from '../revocation/permit-refusal.ts';
import type { DeferralState } from './deferral.ts';
import type { DeferralVerdict } from './deferral-ledger.ts';

const BY_STATE = {
  pending: 'approval.pending',
  // It was approved while its client was asking; the next question finds it so.
  approved: 'approval.pending',
  denied: 'approval.denied',
  cancelled: 'approval.cancelled',
  redeemed: 'approval.redeemed',
  refused: 'approval.stale',
  expired: 'approval.expired',
} as const satisfies Record<DeferralState, RefusalReason>;

/** Why a client is given nothing; null when what was to be done is done. */
export function deferralRefusal(verdict: DeferralVerdict): RefusalReason | null {
  switch (verdict.verdict) {
    case 'done':
      return null;
    case 'is':
      return BY_STATE[verdict.state];
    case 'slow_down':
      return 'approval.slow_down';
    case 'cut_off':
      return 'approval.stale';
    case 'claim_reused':
      return permitRefusal(verdict);
  }
}
