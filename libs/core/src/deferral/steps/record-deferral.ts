import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { RefusalReason } from '../../errors/refusals.ts';
import type { ExchangePorts } from '../../exchange/exchange.ports.ts';
import type { VerifiedDevice } from '../../exchange/steps/verify-device.ts';
import { cutOffDetail, permitRefusal } from '../../revocation/permit-refusal.ts';
import { POLL_SECONDS } from '../deferral.ts';
import type { DeferVerdict } from '../deferral-ledger.ts';
import type { DraftedDeferral } from './draft-deferral.ts';

/** Before so many seconds there is hardly room for another. */
const TRY_AGAIN_SECONDS = 60;

/**
 * Puts the request on record, settles what it claims, and keeps it for those who approve.
 *
 * In     drafted  evidence from `draftDeferral`
 *        device   evidence from `verifyDevice`, for the next nonce
 *        trail    what the steps have seen, with the claims
 * Out    what the client hears: `approval.pending` with its code, or why nothing waits: `approval.too_many`,
 *        client.replayed | device.replayed | subject.revoked | device.revoked | client.revoked
 * Fails  Unavailable
 * Spec   draft-ietf-oauth-deferred-token-response, Deferred Response
 */
export async function recordDeferral(
  { deferrals }: Pick<ExchangePorts, 'deferrals'>,
  { drafted, device: { nextNonce } }: { drafted: DraftedDeferral; device: VerifiedDevice },
  trail: Trail,
): Promise<OAuthError> {
  const { deferral, code } = drafted;
  const { id, approvers: groups, bindingCode, ttlSeconds } = deferral;
  trail.saw({ approval: { id, groups } });
  trail.close();
  const heard = await deferrals.defer(deferral, {
    claims: trail.claims,
    describe: (verdict) => {
      const reason = refusalOf(verdict);
      return reason === null
        ? trail.event('deferred', 'policy.approval_required')
        : trail.event('refused', reason, cutOffDetail(verdict));
    },
  });
  const refused = refusalOf(heard);
  const nonce = nextNonce === null ? {} : { dpopNonce: nextNonce };
  const answer =
    refused === null
      ? new OAuthError('approval.pending', null, {
          ...nonce,
          deferred: {
            deferralCode: code,
            expiresInSeconds: ttlSeconds,
            intervalSeconds: POLL_SECONDS,
            bindingCode,
          },
        })
      : new OAuthError(refused, null, { retryAfterSeconds: TRY_AGAIN_SECONDS, ...nonce });
  return answer.withReasonId(trail.reasonId);
}

function refusalOf(verdict: DeferVerdict): RefusalReason | null {
  switch (verdict.verdict) {
    case 'deferred':
      return null;
    case 'too_many':
      return 'approval.too_many';
    case 'cut_off':
    case 'claim_reused':
      return permitRefusal(verdict);
  }
}
