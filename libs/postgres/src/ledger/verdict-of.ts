import type {
  ClaimVerdict,
  DeferralVerdict,
  DeferVerdict,
  MismatchVerdict,
  PermitVerdict,
  RevocationVerdict,
  SpendVerdict,
} from '#core';
import type { Outcome } from './outcome.ts';

export function claimVerdict(outcome: Outcome): ClaimVerdict {
  if (outcome.is === 'claim_reused') return { reused: outcome.reused };
  return outcome.is === 'recorded' ? { reused: null } : impossible(outcome);
}

export function spendVerdict(outcome: Outcome): SpendVerdict {
  if (outcome.is === 'claim_reused') return { verdict: 'claim_reused', reused: outcome.reused };
  return outcome.is === 'judged' ? { verdict: outcome.verdict } : impossible(outcome);
}

export function mismatchVerdict(outcome: Outcome): MismatchVerdict {
  if (outcome.is === 'claim_reused') return { verdict: 'claim_reused', reused: outcome.reused };
  if (outcome.is !== 'noted') return impossible(outcome);
  return { verdict: 'noted', mismatches: outcome.mismatches, killed: outcome.killed };
}

export function permitVerdict(outcome: Outcome): PermitVerdict {
  if (outcome.is === 'claim_reused') return { verdict: 'claim_reused', reused: outcome.reused };
  if (outcome.is === 'cut_off') return { verdict: 'cut_off', kind: outcome.kind };
  return outcome.is === 'recorded' ? { verdict: 'recorded' } : impossible(outcome);
}

export function revocationVerdict(outcome: Outcome): RevocationVerdict {
  if (outcome.is === 'claim_reused') return { verdict: 'claim_reused', reused: outcome.reused };
  if (outcome.is !== 'revoked' && outcome.is !== 'repeated') return impossible(outcome);
  return { verdict: outcome.is };
}

export function deferVerdict(outcome: Outcome): DeferVerdict {
  if (outcome.is === 'claim_reused') return { verdict: 'claim_reused', reused: outcome.reused };
  if (outcome.is === 'cut_off') return { verdict: 'cut_off', kind: outcome.kind };
  if (outcome.is !== 'deferral') return impossible(outcome);
  const { heard } = outcome;
  return heard === 'deferred' || heard === 'too_many' ? { verdict: heard } : impossible(outcome);
}

export function deferralVerdict(outcome: Outcome): DeferralVerdict {
  if (outcome.is === 'claim_reused') return { verdict: 'claim_reused', reused: outcome.reused };
  if (outcome.is === 'cut_off') return { verdict: 'cut_off', kind: outcome.kind };
  if (outcome.is !== 'deferral') return impossible(outcome);
  const { heard } = outcome;
  if (heard === 'deferred' || heard === 'too_many') return impossible(outcome);
  return heard === 'done' || heard === 'slow_down' ? { verdict: heard } : { verdict: 'is', state: heard };
}

function impossible({ is }: Outcome): never {
  throw new Error(`an entry of another kind was settled as ${is}`);
}
