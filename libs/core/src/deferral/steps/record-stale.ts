import type { Trail } from '../../audit/trail.ts';
import { HeldBack, OAuthError, Unavailable } from '../../errors/oauth-error.ts';
import { deferralRefusal } from '../deferral-refusal.ts';
import type { DeferralPorts } from '../deferral.ports.ts';
import type { FoundDeferral } from './find-deferral.ts';

/**
 * Ends an approval of what is not permitted any more. It does not come back to life when the policies change again:
 * the client has been told so for good.
 *
 * In     found   evidence from `findDeferral`
 *        thrown  why nothing can be minted; what is no refusal is handed on, and ends nothing
 *        trail   what the steps have seen, with the claims
 * Out    what the client hears
 * Fails  Unavailable
 * Spec   draft-ietf-oauth-deferred-token-response, staleness
 */
export async function recordStale(
  { deferrals }: Pick<DeferralPorts, 'deferrals'>,
  { found, thrown }: { found: FoundDeferral; thrown: unknown },
  trail: Trail,
): Promise<unknown> {
  if (!(thrown instanceof OAuthError) || thrown instanceof Unavailable || thrown instanceof HeldBack)
    return thrown;
  trail.close();
  const why = [thrown.reason, thrown.detail].filter((one) => one !== null).join(': ');
  const heard = await deferrals.settle(
    { id: found.deferral.id, does: 'refuse', reliances: [] },
    {
      claims: trail.claims,
      describe: (verdict) => {
        const reason = deferralRefusal(verdict);
        return reason === null
          ? trail.event('refused', 'approval.stale', why)
          : trail.event('refused', reason);
      },
    },
  );
  return new OAuthError(deferralRefusal(heard) ?? 'approval.stale').withReasonId(trail.reasonId);
}
