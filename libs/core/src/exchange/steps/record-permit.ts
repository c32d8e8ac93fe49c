import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { RefusalReason } from '../../errors/refusals.ts';
import { reliancesOf, type CutOffKind } from '../../revocation/cut-off.ts';
import type { PermitVerdict } from '../../revocation/revocation-ledger.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { Grant } from '../../token/grant.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { DraftedGrant } from './draft-grant.ts';

export type RecordedGrant = Evidence<'RecordedGrant', { grant: Grant }>;

const CUT_OFF = {
  identity_provider: 'subject.revoked',
  subject: 'subject.revoked',
  email: 'subject.revoked',
  session: 'subject.revoked',
  device: 'device.revoked',
  client: 'client.revoked',
  token: 'subject.revoked',
} as const satisfies Record<CutOffKind, RefusalReason>;

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
      const reason = refusalOf(verdict);
      return reason === null
        ? trail.event('permitted', null)
        : trail.event('refused', reason, detailOf(verdict));
    },
  });
  const refused = refusalOf(heard);
  if (refused !== null) throw new OAuthError(refused).withReasonId(trail.reasonId);
  return attest<RecordedGrant>({ grant });
}

function refusalOf(verdict: PermitVerdict): RefusalReason | null {
  switch (verdict.verdict) {
    case 'recorded':
      return null;
    case 'cut_off':
      return CUT_OFF[verdict.kind];
    case 'claim_reused':
      return verdict.reused.onReuse;
  }
}

function detailOf(verdict: PermitVerdict): string | null {
  return verdict.verdict === 'cut_off' ? `by ${verdict.kind}` : null;
}
