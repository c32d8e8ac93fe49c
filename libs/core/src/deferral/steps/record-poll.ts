import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { RefusalReason } from '../../errors/refusals.ts';
import type { VerifiedDevice } from '../../exchange/steps/verify-device.ts';
import { cutOffDetail } from '../../revocation/permit-refusal.ts';
import { deferralRefusal } from '../deferral-refusal.ts';
import type { DeferralPorts } from '../deferral.ports.ts';
import type { FoundDeferral } from './find-deferral.ts';

/** What a client hears that was told nothing else. */
const NOT_YET: RefusalReason = 'approval.pending';

/**
 * Notes that the client has asked, and puts on record what it hears.
 *
 * In     found   evidence from `findDeferral`; it was not approved
 *        device  evidence from `verifyDevice`, for the next nonce
 *        trail   what the steps have seen, with the claims
 * Out    what the client hears: approval.* | client.replayed | device.replayed
 * Fails  Unavailable
 */
export async function recordPoll(
  { deferrals }: Pick<DeferralPorts, 'deferrals'>,
  { found, device: { nextNonce } }: { found: FoundDeferral; device: VerifiedDevice },
  trail: Trail,
): Promise<OAuthError> {
  const { id, reliances } = found.deferral;
  trail.close();
  const heard = await deferrals.settle(
    { id, does: 'poll', reliances },
    {
      claims: trail.claims,
      describe: (verdict) =>
        trail.event('refused', deferralRefusal(verdict) ?? NOT_YET, cutOffDetail(verdict)),
    },
  );
  return new OAuthError(
    deferralRefusal(heard) ?? NOT_YET,
    null,
    nextNonce === null ? {} : { dpopNonce: nextNonce },
  ).withReasonId(trail.reasonId);
}
