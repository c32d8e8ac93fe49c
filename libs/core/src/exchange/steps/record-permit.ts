import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { Grant } from '../../token/grant.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { DraftedGrant } from './draft-grant.ts';

export type RecordedGrant = Evidence<'RecordedGrant', { grant: Grant }>;

/**
 * Puts the permit on record and settles, in the same transaction, that neither the assertion nor the proof was used
 * before. What is not on record is not given out.
 *
 * In     drafted  evidence from `draftGrant`
 *        trail    what the steps have seen, with the claims
 * Out    RecordedGrant, durable
 * Fails  client.replayed | device.replayed; Unavailable
 */
export async function recordPermit(
  { journal }: Pick<ExchangePorts, 'journal'>,
  { grant }: DraftedGrant,
  trail: Trail,
): Promise<RecordedGrant> {
  trail.saw({ tokenId: grant.jti });
  trail.belongsTo(grant.txn);
  trail.close();
  const { reused } = await journal.record({
    claims: trail.claims,
    describe: (verdict) =>
      verdict.reused === null
        ? trail.event('permitted', null)
        : trail.event('refused', verdict.reused.onReuse),
  });
  if (reused !== null) throw new OAuthError(reused.onReuse).withReasonId(trail.reasonId);
  return attest<RecordedGrant>({ grant });
}
