import { OAuthError } from '../../errors/oauth-error.ts';
import type { Grant } from '../../token/grant.ts';
import { newTokenId } from '../../token/token-id.ts';
import { requestersAfter } from '../../transaction/requesters.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { toEpochSeconds } from '../../shared/clock.ts';
import { BURST_SECONDS } from '../../policy/obligations.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { Circumstances, Permit } from './decide.ts';
import type { ResolvedOperation } from './resolve-operation.ts';

/** So many that the sealed token can be read again. */
const MAX_GRANT_BYTES = 5_800;

export type DraftedGrant = Evidence<'DraftedGrant', { grant: Grant }>;

/**
 * Writes down what the permit comes to. Nothing is given out yet: the grant has no seal until it is on record.
 *
 * In     resolved       evidence from `resolveOperation`
 *        circumstances  evidence from the steps before, and the permit
 * Out    DraftedGrant; lives for the permitted time and never past the subject and actor token
 * Fails  txn.chain_too_long | txn.too_large; Unavailable while the ledger's incarnation is not known
 * Spec   docs/protocol.md, the token
 */
export function draftGrant(
  { clock, ledger, identity }: Pick<ExchangePorts, 'clock' | 'ledger' | 'identity'>,
  { operation, server, matched }: ResolvedOperation,
  { client, subject, actor, device, recognized, permit }: Omit<Circumstances, 'context'> & { permit: Permit },
): DraftedGrant {
  const now = clock.now();
  const spentBy = ledger.current();
  const uses = permit.obligations.uses ?? 1;
  const ttlSeconds = uses === 1 ? permit.ttlSeconds : Math.min(permit.ttlSeconds, BURST_SECONDS);
  const iat = toEpochSeconds(now);
  const grant: Grant = {
    iss: identity.issuer,
    aud: server.resource,
    sub: subject.subject,
    sub_iss: subject.issuer,
    client_id: client.registration.clientId,
    jti: newTokenId(now),
    ledger: spentBy.ledger,
    inc: spentBy.incarnation,
    iat,
    exp: Math.min(iat + ttlSeconds, subject.expiresAt, actor.expiresAt ?? subject.expiresAt),
    ...confirmationOf(client, device),
    ...(actor.act === null ? {} : { act: actor.act }),
    ...(actor.signedInAt === null ? {} : { act_signed_in: actor.signedInAt }),
    ...(recognized.known === null ? {} : { device: recognized.known.id }),
    authorization_details: [operation],
    scope: matched.operation.id,
    ...(subject.acr === null ? {} : { acr: subject.acr }),
    ...(subject.amr.length === 0 ? {} : { amr: subject.amr }),
    ...(subject.authTime === null ? {} : { auth_time: subject.authTime }),
    signed_in: subject.signedInAt,
    ...(subject.sessionId === null ? {} : { sid: subject.sessionId }),
    ...(subject.email === null ? {} : { email: subject.email }),
    ...(transactionOf(subject, client) ?? { txn: newTokenId(now) }),
    release: permit.release,
    policies: permit.policies,
    uses,
  };
  if (
    grant.transaction !== undefined &&
    new TextEncoder().encode(JSON.stringify(grant)).length > MAX_GRANT_BYTES
  ) {
    throw new OAuthError('txn.too_large');
  }
  return attest<DraftedGrant>({ grant });
}

/** A token that a transaction token earned belongs to the same transaction, and carries on what that said. */
function transactionOf(
  { transaction }: Circumstances['subject'],
  { registration }: Circumstances['client'],
): Pick<Grant, 'txn' | 'transaction'> | null {
  if (transaction === null) return null;
  const { txn, req_wl, rctx, tctx } = transaction;
  return {
    txn,
    transaction: {
      req_wl: requestersAfter(req_wl, registration.clientId),
      rctx,
      ...(tctx.details === undefined ? {} : { details: tctx.details }),
    },
  };
}

/** A proof names the key that the client means; its certificate will do where it sent none. */
function confirmationOf(
  { certificate }: Circumstances['client'],
  { keyThumbprint }: Circumstances['device'],
): Pick<Grant, 'cnf'> {
  if (keyThumbprint !== null) return { cnf: { jkt: keyThumbprint } };
  return certificate === null ? {} : { cnf: { 'x5t#S256': certificate } };
}
