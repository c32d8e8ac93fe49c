import { OAuthError } from '../../errors/oauth-error.ts';
import { judge, type Judgement } from '../../policy/judge.ts';
import type { Obligations } from '../../policy/obligations.ts';
import type { PolicyRequest, ReportedPosture, TransactionFacts } from '../../policy/policy-request.ts';
import type { DevicePosture } from '../../registry/device-posture.ts';
import { toEpochSeconds } from '../../shared/clock.ts';
import { actorsOf } from '../../token/act.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { requestersIn } from '../../transaction/requesters.ts';
import type { TransactionClaims } from '../../transaction/transaction-token.ts';
import type { Trust } from '../../registry/trust.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';
import type { CollectedContext } from './collect-context.ts';
import type { RecognizedDevice } from './recognize-device.ts';
import type { ResolvedOperation } from './resolve-operation.ts';
import type { VerifiedActor } from './verify-actor.ts';
import type { VerifiedDevice } from './verify-device.ts';
import type { VerifiedSubject } from './verify-subject.ts';

/** All that was proved before the policies are asked. */
export interface Circumstances {
  readonly client: AuthenticatedClient;
  readonly subject: VerifiedSubject;
  readonly actor: VerifiedActor;
  readonly device: VerifiedDevice;
  readonly recognized: RecognizedDevice;
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

/** Everything is permitted, once these groups have approved it. No token can be made of this. */
export type AwaitedApproval = Evidence<
  'AwaitedApproval',
  {
    awaits: readonly string[];
    obligations: Obligations;
  }
>;

/** What was asked and how it was decided, whether the answer is going to be a token or not. */
interface Decided {
  readonly trust: Pick<Trust, 'release' | 'shadow'>;
  readonly question: PolicyRequest;
  readonly judgement: Judgement;
}

export type Remember = (decided: Decided) => void;

/**
 * Puts what was proved to the policies of the live release, as one question, and lets `judge` decide it.
 *
 * In     resolved       evidence from `resolveOperation`
 *        circumstances  evidence from the steps before it
 *        remember       hears the question and its judgement, whatever comes of it
 *        approvedBy     groups that have approved this very request
 * Out    Permit, or AwaitedApproval where nothing but approvals is wanting
 * Fails  policy.* | operation.digest_required | device.proof_missing; Unavailable
 * Spec   docs/policies.md; RFC 9470 §3 for step-up
 */
export function decide(
  ports: Pick<ExchangePorts, 'trust'>,
  resolved: ResolvedOperation,
  { remember, ...circumstances }: Circumstances & { remember: Remember; approvedBy: readonly string[] },
): Permit | AwaitedApproval {
  const trust = ports.trust.current();
  const question = toQuestion(trust, resolved, circumstances);
  const judgement = judge(trust.release, question);
  remember({ trust, question, judgement });
  const { decision, reason, policies, obligations, ttlSeconds, detail, stepUp } = judgement;
  if (reason === 'policy.approval_required') {
    return attest<AwaitedApproval>({ awaits: obligations.approvers ?? [], obligations });
  }
  if (decision === 'deny') throw new OAuthError(reason, detail, stepUp === undefined ? {} : { stepUp });
  return attest<Permit>({ release: trust.release.number, policies, obligations, ttlSeconds });
}

function toQuestion(
  trust: Pick<Trust, 'roleGroupsOf'>,
  { operation, target, server, matched }: ResolvedOperation,
  {
    client,
    subject,
    actor: { act },
    device,
    recognized,
    context,
    approvedBy,
  }: Circumstances & { approvedBy: readonly string[] },
): PolicyRequest {
  const { transaction } = subject;
  return {
    principal: {
      issuer: subject.issuer,
      subject: subject.subject,
      // Roles are for who is there in person.
      groups: transaction === null ? [...subject.groups, ...trust.roleGroupsOf(subject)] : [],
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
        ...(operation.path_template === undefined ? {} : { isTemplate: true }),
      },
      device: { keyThumbprint: device.keyThumbprint, ...factsOf(recognized, subject) },
      network: { ip: context.ip },
      auth: { acr: subject.acr, amr: subject.amr, authTime: subject.authTime },
      client: { id: client.registration.clientId },
      // Who acted before is on record; only who acts now has a say (RFC 8693 §4.1).
      ...(act === null ? {} : { actor: { issuer: act.iss, subject: act.sub, depth: actorsOf(act).length } }),
      ...(transaction === null ? {} : { transaction: factsOfTransaction(transaction) }),
      time: context.time,
      claimed: context.claimed,
      ...(approvedBy.length === 0 ? {} : { approvedBy }),
    },
  };
}

function factsOfTransaction({ scope, req_wl }: TransactionClaims): TransactionFacts {
  const workloads = requestersIn(req_wl);
  return { operation: scope, workloads, depth: workloads.length };
}

/** What is known of the device; nothing where it is not registered, and nobody attests anything. */
function factsOf(
  { known, attested }: RecognizedDevice,
  subject: VerifiedSubject,
): Pick<PolicyRequest['context']['device'], 'registered' | 'attested'> {
  const said = attested === null ? {} : { attested: reportedPosture(attested) };
  if (known === null) return said;
  const { owner, platform, posture } = known;
  const ownerMatches = owner.issuer === subject.issuer && owner.subject === subject.subject;
  return {
    registered: { ownerMatches, platform, posture: posture === null ? null : reportedPosture(posture) },
    ...said,
  };
}

function reportedPosture({ compliant, facts, learntAt, learntFrom }: DevicePosture): ReportedPosture {
  return { compliant, facts, learntAt: toEpochSeconds(learntAt), attestedBy: learntFrom };
}
