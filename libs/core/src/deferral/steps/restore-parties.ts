import type { VerifiedActor } from '../../exchange/steps/verify-actor.ts';
import type { VerifiedSubject } from '../../exchange/steps/verify-subject.ts';
import { toEpochSeconds } from '../../shared/clock.ts';
import { attest } from '../../shared/evidence.ts';
import type { FoundDeferral } from './find-deferral.ts';

export interface RestoredParties {
  readonly subject: VerifiedSubject;
  readonly actor: VerifiedActor;
}

/**
 * Subject and actor as they were proved when it was asked for. Their tokens were good then; what comes of the approval
 * ends with the approval instead of with them.
 *
 * In     found  evidence from `findDeferral`
 * Out    VerifiedSubject and VerifiedActor, whose claims were settled then
 */
export function restoreParties({ deferral: { request, expiresAt } }: FoundDeferral): RestoredParties {
  const until = toEpochSeconds(expiresAt);
  return {
    subject: attest<VerifiedSubject>({ ...request.subject, claim: null, expiresAt: until }),
    actor: attest<VerifiedActor>({ ...request.actor, expiresAt: until }),
  };
}
