import type { AuditFacts } from '../../audit/audit-event.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { readCompactJws } from '../../jwt/compact-jws.ts';
import { isOfKind } from '../../jwt/jwt-kind.ts';
import { candidateKeys } from '../../keys/public-key.ts';
import { cutOffName, reliancesOf, type Reliance } from '../../revocation/cut-off.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { Grant } from '../../token/grant.ts';
import type { TransactionPorts } from '../transaction.ports.ts';
import type { TransactionRequest } from '../transaction-request.ts';
import { readTransactionClaims } from '../transaction-claims.ts';
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
  'clock' | 'identity' | 'sealer' | 'spenders' | 'signer' | 'signatures'
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
      : verifyOwn(ports, subjectToken);
  if (ports.clock.now() >= claims.exp * 1000) throw new OAuthError('txn.unknown_token', 'expired');
  const [operation] = claims.tctx.authorization_details;
  const at = claims.sub.indexOf('|');
  return attest<OpenedTransaction>({
    claims,
    reliances,
    facts: {
      subject: { issuer: claims.sub.slice(0, at), subject: claims.sub.slice(at + 1) },
      ...(claims.act === undefined ? {} : { actor: claims.act }),
      operation,
      operationId: claims.scope,
      resource: operation.locations[0],
    },
  });
}

async function openSpentToken(
  { sealer, spenders, identity }: OpeningPorts,
  token: string,
  { server }: AuthenticatedWorkload,
): Promise<Opened> {
  const unsealed = await sealer.unseal(token);
  if ('refused' in unsealed) throw new OAuthError('txn.unknown_token', unsealed.refused);
  const { opened: grant } = unsealed;
  if (grant.iss !== identity.issuer) throw new OAuthError('txn.unknown_token', 'another issuer');
  const { jti, exp, ledger, inc } = grant;
  const spender =
    grant.aud === server.resource ? await spenders.spenderOf({ jti, exp, ledger, incarnation: inc }) : null;
  if (spender !== server.number) throw new OAuthError('txn.not_spent_here');
  return { claims: claimsOf(grant), reliances: reliancesOf(grant) };
}

function claimsOf(grant: Grant): Claims {
  const { cnf, acr, amr, auth_time } = grant;
  return {
    iss: grant.iss,
    aud: grant.iss,
    exp: grant.exp,
    txn: grant.txn,
    sub: `${grant.sub_iss}|${grant.sub}`,
    scope: grant.scope,
    req_wl: '',
    ...(grant.act === undefined ? {} : { act: grant.act }),
    tctx: { authorization_details: grant.authorization_details },
    rctx: {
      client_id: grant.client_id,
      ...cnf,
      ...(acr === undefined ? {} : { acr }),
      ...(amr === undefined ? {} : { amr }),
      ...(auth_time === undefined ? {} : { auth_time }),
    },
  };
}

/** INVARIANT: the signature is by a key of ours over a token of this kind, so that its claims are as we made them. */
function verifyOwn({ signer, signatures, identity }: OpeningPorts, token: string): Opened {
  const jws = readCompactJws(token);
  if (jws === null || !isOfKind(jws.typ, 'transaction_token')) {
    throw new OAuthError('txn.unknown_token', 'not a transaction token');
  }
  const keys = candidateKeys(signer.publicKeys(), { kid: jws.kid, alg: 'ES256' });
  const isOurs = jws.alg === 'ES256' && keys.some((key) => signatures.verify(jws, key, 'ES256'));
  const claims = isOurs ? readTransactionClaims(jws.payload) : null;
  if (claims === null || claims.iss !== identity.issuer || claims.aud !== identity.issuer) {
    throw new OAuthError('txn.unknown_token', 'not one of ours');
  }
  return { claims, reliances: reliancesOfTransaction(claims) };
}

/** Less is known of it than of the token that was spent: whom it is about, who asked, and when it was signed. */
function reliancesOfTransaction({ sub, act, iat, rctx }: TransactionClaims): readonly Reliance[] {
  const since = iat * 1000;
  const at = sub.indexOf('|');
  const parties = [{ iss: sub.slice(0, at), sub: sub.slice(at + 1) }, ...(act === undefined ? [] : [act])];
  return [
    { kind: 'client', id: rctx.client_id, since },
    ...parties.flatMap(({ iss, sub: name }) => [
      { kind: 'identity_provider' as const, id: iss, since },
      { ...cutOffName('subject', { issuer: iss, name }), since },
    ]),
  ];
}
