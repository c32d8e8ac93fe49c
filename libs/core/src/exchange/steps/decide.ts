import { OAuthError, type StepUpChallenge } from '../../errors/oauth-error.ts';
import { strictest, TTL_SECONDS, type Obligations } from '../../policy/obligations.ts';
import type { PolicyRequest } from '../../policy/policy-request.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';
import type { CollectedContext } from './collect-context.ts';
import type { ResolvedOperation } from './resolve-operation.ts';
import type { VerifiedDevice } from './verify-device.ts';
import type { VerifiedSubject } from './verify-subject.ts';

/** All that was proved before the policies are asked. */
export interface Circumstances {
  readonly client: AuthenticatedClient;
  readonly subject: VerifiedSubject;
  readonly device: VerifiedDevice;
  readonly context: CollectedContext;
}

export type Permit = Evidence<
  'Permit',
  {
    release: number;
    /** Ids of the permits that matched. */
    policies: readonly string[];
    obligations: Obligations;
    ttlSeconds: number;
  }
>;

/** What a decision needs, and what it tells the audit log before its outcome is known. */
export type Remember = (question: {
  release: number;
  question: PolicyRequest;
  policies: readonly string[];
}) => void;

/**
 * Asks the policies of the live release, and holds the request to what the permits that matched demand: of each
 * obligation the strictest. What no policy permits is denied; a policy that fails to evaluate denies everything.
 *
 * In     resolved       evidence from `resolveOperation`
 *        circumstances  evidence from the steps before it
 *        remember       hears the question and the deciding policies, whatever comes of it
 * Out    Permit
 * Fails  policy.* | operation.digest_required | device.proof_missing; Unavailable
 * Spec   docs/policies.md; RFC 9470 §3 for step-up
 */
export function decide(
  { trust }: Pick<ExchangePorts, 'trust'>,
  resolved: ResolvedOperation,
  { remember, ...circumstances }: Circumstances & { remember: Remember },
): Permit {
  const { release } = trust.current();
  const question = toQuestion(resolved, circumstances);
  const { effect, determining, failed } = release.evaluate(question);
  remember({ release: release.number, question, policies: determining });
  if (failed) throw new OAuthError('policy.failed');
  if (effect === 'deny') throw new OAuthError(determining.length > 0 ? 'policy.forbidden' : 'policy.denied');

  const obligations = strictest(determining.map((policy) => release.obligationsOf(policy)));
  checkObligations(obligations, resolved, circumstances);
  return attest<Permit>({
    release: release.number,
    policies: determining,
    obligations,
    ttlSeconds: obligations.ttlSeconds ?? TTL_SECONDS.default,
  });
}

function checkObligations(
  { digestRequired, proofRequired, acrValues, maxAuthAgeSeconds }: Obligations,
  { operation }: ResolvedOperation,
  { subject, device, context }: Circumstances,
): void {
  if (digestRequired && operation.content_digest === undefined)
    throw new OAuthError('operation.digest_required');
  if (proofRequired && device.keyThumbprint === null) throw new OAuthError('device.proof_missing');
  if (acrValues?.length === 0) throw new OAuthError('policy.unsatisfiable', 'acr');

  // One challenge names all that is wanting, so that one more sign-in is enough.
  const stepUp: StepUpChallenge = {
    ...(acrValues === undefined ? {} : { acrValues }),
    ...(maxAuthAgeSeconds === undefined ? {} : { maxAgeSeconds: maxAuthAgeSeconds }),
  };
  if (acrValues !== undefined && (subject.acr === null || !acrValues.includes(subject.acr))) {
    throw new OAuthError('policy.step_up_acr', subject.acr, { stepUp });
  }
  if (maxAuthAgeSeconds !== undefined) {
    // A sign-in of unknown age is too old.
    const isRecent = subject.authTime !== null && context.time - subject.authTime <= maxAuthAgeSeconds;
    if (!isRecent) throw new OAuthError('policy.step_up_age', null, { stepUp });
  }
}

function toQuestion(
  { operation, target, server, matched }: ResolvedOperation,
  { client, subject, device, context }: Circumstances,
): PolicyRequest {
  return {
    principal: {
      issuer: subject.issuer,
      subject: subject.subject,
      groups: subject.groups,
      email: subject.email,
    },
    action: matched.operation.id,
    resource: server.id,
    context: {
      operation: {
        method: operation.actions[0],
        targetUri: target.href,
        path: target.path,
        parameters: matched.parameters,
        hasDigest: operation.content_digest !== undefined,
        contentType: operation.content_type ?? null,
      },
      device: { keyThumbprint: device.keyThumbprint },
      network: { ip: context.ip },
      auth: { acr: subject.acr, amr: subject.amr, authTime: subject.authTime },
      client: { id: client.registration.clientId },
      time: context.time,
      claimed: context.claimed,
    },
  };
}
