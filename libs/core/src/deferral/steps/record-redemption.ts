import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { DraftedGrant } from '../../exchange/steps/draft-grant.ts';
import type { RecordedGrant } from '../../exchange/steps/record-permit.ts';
import { reliancesOf } from '../../revocation/cut-off.ts';
import { cutOffDetail } from '../../revocation/permit-refusal.ts';
import { attest } from '../../shared/evidence.ts';
import { deferralRefusal } from '../deferral-refusal.ts';
import type { DeferralPorts } from '../deferral.ports.ts';
import type { FoundDeferral } from './find-deferral.ts';

/**
 * Redeems the approval and puts the permit on record, in one transaction: of any number of clients that ask at once
 * one is given a token. Nothing that the request stood on then, or stands on now, may have been cut off.
 *
 * In     found    evidence from `findDeferral`
 *        drafted  evidence from `draftGrant`
 *        trail    what the steps have seen, with the claims
 * Out    RecordedGrant, durable
 * Fails  approval.* | client.replayed | device.replayed; Unavailable
 */
export async function recordRedemption(
  { deferrals }: Pick<DeferralPorts, 'deferrals'>,
  { found: { deferral }, drafted: { grant } }: { found: FoundDeferral; drafted: DraftedGrant },
  trail: Trail,
): Promise<RecordedGrant> {
  trail.saw({ tokenId: grant.jti });
  trail.belongsTo(grant.txn);
  trail.close();
  const heard = await deferrals.settle(
    { id: deferral.id, does: 'redeem', reliances: [...deferral.reliances, ...reliancesOf(grant)] },
    {
      claims: trail.claims,
      describe: (verdict) => {
        const reason = deferralRefusal(verdict);
        return reason === null
          ? trail.event('permitted', null)
          : trail.event('refused', reason, cutOffDetail(verdict));
      },
    },
  );
  const refused = deferralRefusal(heard);
  if (refused !== null) throw new OAuthError(refused).withReasonId(trail.reasonId);
  return attest<RecordedGrant>({ grant });
}
