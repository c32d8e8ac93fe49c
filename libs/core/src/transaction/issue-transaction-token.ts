import { audited } from '../audit/audited.ts';
import { authenticateWorkload } from './steps/authenticate-workload.ts';
import { draftTransaction } from './steps/draft-transaction.ts';
import { openTransaction } from './steps/open-transaction.ts';
import { recordTransaction } from './steps/record-transaction.ts';
import type { TransactionPorts } from './transaction.ports.ts';
import type { TransactionRequest } from './transaction-request.ts';
import { TXN_TOKEN_TYP } from './transaction-token.ts';

/** What a resource server is given for its calls inside the trust domain. */
export interface IssuedTransactionToken {
  readonly transactionToken: string;
  readonly expiresInSeconds: number;
  readonly scope: string;
}

export type IssueTransactionToken = (request: TransactionRequest) => Promise<IssuedTransactionToken>;

/**
 * Trades a token that the caller has just spent, or a transaction token that it was handed, for a signed statement of
 * the same transaction: who, what and in which circumstances. It permits nothing that was not permitted already.
 *
 * Fails  OAuthError with the reason that is on record; Unavailable when something did not answer
 * Spec   draft-ietf-oauth-transaction-tokens
 */
export function issueTransactionToken(ports: TransactionPorts): IssueTransactionToken {
  return (request) =>
    audited(ports, 'token.transaction', async (trail) => {
      const workload = await authenticateWorkload(ports, request.credentials);
      trail.saw({ callerId: workload.server.clientId, callerMethod: workload.method }, workload.claim);

      const opened = await openTransaction(ports, request, workload);
      trail.saw(opened.facts);
      trail.belongsTo(opened.claims.txn);

      const drafted = draftTransaction(ports, request, { workload, opened });
      const { claims } = await recordTransaction(ports, drafted, trail);
      return {
        transactionToken: ports.signer.sign(TXN_TOKEN_TYP, claims),
        expiresInSeconds: claims.exp - claims.iat,
        scope: claims.scope,
      };
    });
}
