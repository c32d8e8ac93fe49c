import type { AuditFacts } from '../../audit/audit-event.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { HttpOperation } from '../../operation/http-operation.ts';
import { reliancesOf, type Reliance } from '../../revocation/cut-off.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { Grant } from '../../token/grant.ts';
import type { KeptSpend, TransactionPorts } from '../transaction.ports.ts';
import type { TransactionRequest } from '../transaction-request.ts';
import { subjectOfTransaction } from '../transaction-claims.ts';
import { reliancesOfTransaction } from '../reliances-of-transaction.ts';
import { verifyTransactionToken } from '../verify-transaction-token.ts';
import type { TransactionClaims } from '../transaction-token.ts';
import type { AuthenticatedWorkload } from './authenticate-workload.ts';

export type OpenedTransaction = Evidence<
  'OpenedTransaction',
  {
    /** What the subject token says; of a token that was spent nobody has asked before, so `req_wl` is empty. */
    claims: Claims;
    /** What it stands on, to be held against revocations. */
    reliances: readonly Reliance[];
    facts: AuditFacts;
  }
>;

type Claims = Omit<TransactionClaims, 'iat'>;

type Opened = Pick<OpenedTransaction, 'claims' | 'reliances'>;

type OpeningPorts = Pick<
  TransactionPorts,
  'clock' | 'identity' | 'sealer' | 'spends' | 'signer' | 'signatures'
>;

/**
 * Proves which transaction the caller works on: it spent the token itself, and the ledger says so; or it was handed a
 * transaction token of ours.
 *
 * In     request   the subject token and its type
 *        workload  evidence from `authenticateWorkload`
 * Out    OpenedTransaction; it lives
 * Fails  txn.unknown_token | txn.not_spent_here; Unavailable
 * Spec   draft-ietf-oauth-transaction-tokens, Subject Token Types and Txn-Token Replacement
 */
export async function openTransaction(
  ports: OpeningPorts,
  { subjectToken, subjectTokenType }: Pick<TransactionRequest, 'subjectToken' | 'subjectTokenType'>,
  workload: AuthenticatedWorkload,
): Promise<OpenedTransaction> {
  const { claims, reliances } =
    subjectTokenType === 'access_token'
      ? await openSpentToken(ports, subjectToken, workload)
      : openOwn(ports, subjectToken);
  if (ports.clock.now() >= claims.exp * 1000) throw new OAuthError('txn.unknown_token', 'expired');
  const [operation] = claims.tctx.authorization_details;
  return attest<OpenedTransaction>({
    claims,
    reliances,
    facts: {
      subject: subjectOfTransaction(claims),
      ...(claims.act === undefined ? {} : { actor: claims.act }),
      operation,
      operationId: claims.scope,
      resource: operation.locations[0],
    },
  });
}

async function openSpentToken(
  { sealer, spends, identity }: OpeningPorts,
  token: string,
  { server }: AuthenticatedWorkload,
): Promise<Opened> {
  const unsealed = await sealer.unseal(token);
  if ('refused' in unsealed) throw new OAuthError('txn.unknown_token', unsealed.refused);
  const { opened: grant } = unsealed;
  if (grant.iss !== identity.issuer) throw new OAuthError('txn.unknown_token', 'another issuer');
  const { jti, exp, ledger, inc } = grant;
  const spend =
    grant.aud === server.resource ? await spends.spendOf({ jti, exp, ledger, incarnation: inc }) : null;
  if (spend?.spender !== server.number) throw new OAuthError('txn.not_spent_here');
  return { claims: claimsOf(grant, spend), reliances: reliancesOf(grant) };
}

function openOwn(ports: OpeningPorts, token: string): Opened {
  const claims = verifyTransactionToken(ports, token);
  return { claims, reliances: reliancesOfTransaction(claims) };
}

/** A token that was earned with a transaction token goes on with what that said: who asked, and in which circumstances. */
function claimsOf(grant: Grant, spend: KeptSpend): Claims {
  const { cnf, acr, amr, auth_time, transaction, workload } = grant;
  return {
    iss: grant.iss,
    aud: grant.iss,
    exp: grant.exp,
    txn: grant.txn,
    sub: `${grant.sub_iss}|${grant.sub}`,
    scope: grant.scope,
    req_wl: transaction?.req_wl ?? '',
    ...(grant.act === undefined ? {} : { act: grant.act }),
    tctx: {
      authorization_details: [operationOf(grant, spend)],
      ...(transaction?.details === undefined ? {} : { details: transaction.details }),
    },
    rctx: transaction?.rctx ?? {
      client_id: grant.client_id,
      ...(workload === undefined ? {} : { workload }),
      ...cnf,
      ...(acr === undefined ? {} : { acr }),
      ...(amr === undefined ? {} : { amr }),
      ...(auth_time === undefined ? {} : { auth_time }),
    },
  };
}

/** Of a token for a path template it is what the template was spent on: services further on are told what happens. */
function operationOf({ authorization_details: [operation] }: Grant, { targetUri }: KeptSpend): HttpOperation {
  if (targetUri === null) return operation;
  const { path_template: _, ...exact } = operation;
  return { ...exact, target_uri: targetUri };
}
