import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { reliancesOf } from '../../revocation/cut-off.ts';
import { cutOffDetail, permitRefusal } from '../../revocation/permit-refusal.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { Grant } from '../../token/grant.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { DraftedGrant } from './draft-grant.ts';

export type RecordedGrant = Evidence<'RecordedGrant', { grant: Grant }>;

/**
 * Puts the permit on record and settles, in the same transaction, that neither the assertion nor the proof was used
 * before, and that nothing which the grant stands on has been revoked. What is not on record is not given out.
 *
 * In     drafted  evidence from `draftGrant`
 *        trail    what the steps have seen, with the claims
 * Out    RecordedGrant, durable
 * Fails  client.replayed | device.replayed | subject.revoked | device.revoked | client.revoked; Unavailable
 */
export async function recordPermit(
  { ledger }: Pick<ExchangePorts, 'ledger'>,
  { grant }: DraftedGrant,
  trail: Trail,
): Promise<RecordedGrant> {
  trail.saw({ tokenId: grant.jti });
  trail.belongsTo(grant.txn);
  trail.close();
  const heard = await ledger.permit(reliancesOf(grant), {
    claims: trail.claims,
    describe: (verdict) => {
      const reason = permitRefusal(verdict);
      return reason === null
        ? trail.event('permitted', null)
        : trail.event('refused', reason, cutOffDetail(verdict));
    },
  });
  const refused = permitRefusal(heard);
  if (refused !== null) throw new OAuthError(refused).withReasonId(trail.reasonId);
  return attest<RecordedGrant>({ grant });
}
