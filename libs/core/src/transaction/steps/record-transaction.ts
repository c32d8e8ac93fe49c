import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { TransactionPorts } from '../transaction.ports.ts';
import type { TransactionClaims } from '../transaction-token.ts';
import type { DraftedTransaction } from './draft-transaction.ts';

export type RecordedTransaction = Evidence<'RecordedTransaction', { claims: TransactionClaims }>;

/**
 * Puts the transaction token on record, and settles that the caller's assertion was not used before.
 *
 * In     drafted  evidence from `draftTransaction`
 *        trail    what the steps have seen, with the claim
 * Out    RecordedTransaction, durable
 * Fails  client.replayed; Unavailable
 */
export async function recordTransaction(
  { journal }: Pick<TransactionPorts, 'journal'>,
  { claims }: DraftedTransaction,
  trail: Trail,
): Promise<RecordedTransaction> {
  trail.close();
  const { reused } = await journal.record({
    claims: trail.claims,
    describe: (verdict) =>
      verdict.reused === null
        ? trail.event('permitted', null, `requested by ${claims.req_wl}`)
        : trail.event('refused', verdict.reused.onReuse),
  });
  if (reused !== null) throw new OAuthError(reused.onReuse).withReasonId(trail.reasonId);
  return attest<RecordedTransaction>({ claims });
}
