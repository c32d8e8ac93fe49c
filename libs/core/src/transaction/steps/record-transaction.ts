import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { cutOffDetail, permitRefusal } from '../../revocation/permit-refusal.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { TransactionPorts } from '../transaction.ports.ts';
import type { TransactionClaims } from '../transaction-token.ts';
import type { DraftedTransaction } from './draft-transaction.ts';

export type RecordedTransaction = Evidence<'RecordedTransaction', { claims: TransactionClaims }>;

/**
 * Puts the transaction token on record, and settles in the same transaction that the caller's assertion was not used
 * before, and that nothing which the transaction stands on has been revoked.
 *
 * In     drafted  evidence from `draftTransaction`
 *        trail    what the steps have seen, with the claim
 * Out    RecordedTransaction, durable
 * Fails  client.replayed | subject.revoked | device.revoked | client.revoked; Unavailable
 */
export async function recordTransaction(
  { ledger }: Pick<TransactionPorts, 'ledger'>,
  { claims, reliances }: DraftedTransaction,
  trail: Trail,
): Promise<RecordedTransaction> {
  trail.close();
  const heard = await ledger.permit(reliances, {
    claims: trail.claims,
    describe: (verdict) => {
      const reason = permitRefusal(verdict);
      return reason === null
        ? trail.event('permitted', null, `requested by ${claims.req_wl}`)
        : trail.event('refused', reason, cutOffDetail(verdict));
    },
  });
  const refused = permitRefusal(heard);
  if (refused !== null) throw new OAuthError(refused).withReasonId(trail.reasonId);
  return attest<RecordedTransaction>({ claims });
}
