import { newTokenId } from '../token/token-id.ts';
import type { Grant } from '../token/grant.ts';
import type { EpochMs } from '../shared/clock.ts';
import { requestersAfter } from '../transaction/requesters.ts';
import type { Circumstances } from './steps/decide.ts';

/** Who asks, for whom, with what: the members of a grant that do not depend on the permit. */
export type Parties = Pick<
  Grant,
  | 'sub'
  | 'sub_iss'
  | 'client_id'
  | 'workload'
  | 'cnf'
  | 'act'
  | 'act_signed_in'
  | 'device'
  | 'acr'
  | 'amr'
  | 'auth_time'
  | 'signed_in'
  | 'sid'
  | 'email'
  | 'txn'
  | 'transaction'
>;

/** Fails  txn.chain_too_long */
export function partiesOf(
  { client, subject, actor, device, recognized }: Omit<Circumstances, 'context'>,
  now: EpochMs,
): Parties {
  return {
    sub: subject.subject,
    sub_iss: subject.issuer,
    client_id: client.registration.clientId,
    ...workloadOf(client),
    ...confirmationOf(client, device),
    ...(actor.act === null ? {} : { act: actor.act }),
    ...(actor.signedInAt === null ? {} : { act_signed_in: actor.signedInAt }),
    ...(recognized.known === null ? {} : { device: recognized.known.id }),
    ...(subject.acr === null ? {} : { acr: subject.acr }),
    ...(subject.amr.length === 0 ? {} : { amr: subject.amr }),
    ...(subject.authTime === null ? {} : { auth_time: subject.authTime }),
    signed_in: subject.signedInAt,
    ...(subject.sessionId === null ? {} : { sid: subject.sessionId }),
    ...(subject.email === null ? {} : { email: subject.email }),
    ...(transactionOf(subject, client) ?? { txn: newTokenId(now) }),
  };
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

/** Who the client is by the word of its platform: what is revoked of that, the token dies with. */
function workloadOf({ workload }: Circumstances['client']): Pick<Grant, 'workload'> {
  if (workload === null) return {};
  const { issuer: iss, subject: sub, vouchedAt: iat } = workload;
  return { workload: { iss, sub, ...(iat === null ? {} : { iat }) } };
}

/** A proof names the key that the client means; its certificate will do where it sent none. */
function confirmationOf(
  { certificate }: Circumstances['client'],
  { keyThumbprint }: Circumstances['device'],
): Pick<Grant, 'cnf'> {
  if (keyThumbprint !== null) return { cnf: { jkt: keyThumbprint } };
  return certificate === null ? {} : { cnf: { 'x5t#S256': certificate } };
}
