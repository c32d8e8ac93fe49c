import { OAuthError } from '../errors/oauth-error.ts';
import type { ClientRegistration } from '../registry/registrations.ts';
import type { Clock } from '../shared/clock.ts';
import { subjectOfTransaction } from '../transaction/transaction-claims.ts';
import type { TransactionClaims } from '../transaction/transaction-token.ts';
import {
  verifyTransactionToken,
  type TransactionVerifierPorts,
} from '../transaction/verify-transaction-token.ts';
import type { VerifiedIdToken } from './verify-id-token.ts';

/** Whom the transaction is about, as far as its token tells: groups, address and session are not in it. */
export type VerifiedTransaction = VerifiedIdToken & {
  readonly issuer: string;
  readonly transaction: TransactionClaims;
};

/**
 * Verifies a transaction token that the client was handed, to be traded for a token of its own: one of ours, that is
 * not over. What it stands on is held against revocations when the permit is recorded.
 *
 * Fails  client.not_allowed | txn.unknown_token; Unavailable
 * Spec   draft-ietf-oauth-transaction-tokens
 */
export function verifyTransaction(
  ports: TransactionVerifierPorts & { readonly clock: Clock },
  token: string,
  { clientId, tradesTransactions }: ClientRegistration,
): VerifiedTransaction {
  if (!tradesTransactions) throw new OAuthError('client.not_allowed', `${clientId} trades no transactions`);
  const transaction = verifyTransactionToken(ports, token);
  const { exp, iat, act, rctx } = transaction;
  if (exp - ports.clock.now() / 1000 < 1) throw new OAuthError('txn.unknown_token', 'expired');
  return {
    groups: [],
    email: null,
    acr: rctx.acr ?? null,
    amr: rctx.amr ?? [],
    authTime: rctx.auth_time ?? null,
    sessionId: null,
    boundKey: null,
    act: act ?? null,
    mayAct: null,
    expiresAt: exp,
    signedInAt: iat,
    transaction,
    ...subjectOfTransaction(transaction),
  };
}
