import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { ExchangePorts } from '../../exchange/exchange.ports.ts';
import { partiesOf } from '../../exchange/parties-of.ts';
import type { AwaitedApproval, Circumstances } from '../../exchange/steps/decide.ts';
import type { ResolvedOperation } from '../../exchange/steps/resolve-operation.ts';
import { reliancesOf } from '../../revocation/cut-off.ts';
import { toEpochSeconds, type EpochSeconds } from '../../shared/clock.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { DeferredRequest, NewDeferral } from '../deferral.ts';
import { hashOfCode, newBindingCode, newDeferralCode } from '../deferral-code.ts';

export type DraftedDeferral = Evidence<'DraftedDeferral', { deferral: NewDeferral; code: string }>;

/**
 * Writes down what was asked for, so that it can be decided again. Whoever fetches the token has to prove a key, so a
 * request without one cannot wait.
 *
 * In     resolved       evidence from `resolveOperation`
 *        circumstances  evidence from the steps before, and which approvals are wanted; the id of the trail names the
 *                       deferral
 * Out    DraftedDeferral
 * Fails  device.proof_missing | txn.chain_too_long
 * Spec   draft-ietf-oauth-deferred-token-response; docs/protocol.md, waiting for an approval
 */
export function draftDeferral(
  { clock, approvals }: Pick<ExchangePorts, 'clock' | 'approvals'>,
  { operation, matched }: ResolvedOperation,
  {
    awaited,
    context,
    trail: { reasonId: id },
    ...proved
  }: Circumstances & { awaited: AwaitedApproval; trail: Trail },
): DraftedDeferral {
  const now = clock.now();
  const { cnf: confirmation, ...parties } = partiesOf(proved, now);
  if (confirmation === undefined) throw new OAuthError('device.proof_missing', 'it has to wait');
  const { claim: _claim, expiresAt: _expiresAt, ...subject } = proved.subject;
  const { expiresAt: _actorExpiresAt, ...actor } = proved.actor;
  const request: DeferredRequest = {
    subject,
    actor,
    clientId: parties.client_id,
    confirmation,
    device: parties.device ?? null,
    operation,
    operationId: matched.operation.id,
    claimed: context.claimed,
    ip: context.ip,
  };
  const code = newDeferralCode();
  const iat = toEpochSeconds(now);
  return attest<DraftedDeferral>({
    code,
    deferral: {
      id,
      codeHash: hashOfCode(code),
      bindingCode: newBindingCode(),
      approvers: awaited.awaits,
      request,
      reliances: reliancesOf({ jti: id, iat, ...parties }),
      ttlSeconds: Math.min(approvals.seconds, freshFor(awaited, subject.authTime, iat)),
    },
  });
}

/** Seconds until the sign-in is too old for what was permitted: nobody need approve after that. At least 1. */
function freshFor(
  { obligations: { maxAuthAgeSeconds } }: AwaitedApproval,
  authTime: EpochSeconds | null,
  now: EpochSeconds,
): number {
  if (maxAuthAgeSeconds === undefined || authTime === null) return Infinity;
  return Math.max(1, authTime + maxAuthAgeSeconds - now);
}
