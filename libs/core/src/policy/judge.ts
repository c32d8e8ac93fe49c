import type { StepUpChallenge } from '../errors/oauth-error.ts';
import type { RefusalReason } from '../errors/refusals.ts';
import { strictest, TTL_SECONDS, type Obligations } from './obligations.ts';
import type { PolicyRequest } from './policy-request.ts';
import type { LiveRelease } from './release.ts';

interface Grounds {
  /** Ids of the policies that decided: the permits that matched, or the forbids. Sorted. */
  readonly policies: readonly string[];
  /** What the permits that matched demand, whether it was met or not. */
  readonly obligations: Obligations;
  readonly ttlSeconds: number;
  /** What a further sign-in would have to bring. */
  readonly stepUp?: StepUpChallenge;
  /** For the auditor; null when there is nothing to add. */
  readonly detail: string | null;
}

export type Judgement = Grounds &
  (
    | { readonly decision: 'permit'; readonly reason: null }
    | { readonly decision: 'deny'; readonly reason: JudgedReason }
  );

/** A refusal for one of these was decided here, by the policies and what they demand. */
export const JUDGED_REASONS = [
  'policy.denied',
  'policy.forbidden',
  'policy.actor_denied',
  'policy.failed',
  'policy.unsatisfiable',
  'policy.step_up_acr',
  'policy.step_up_age',
  'operation.digest_required',
  'operation.exact_required',
  'device.proof_missing',
  'policy.approval_required',
] as const satisfies readonly RefusalReason[];

export type JudgedReason = (typeof JUDGED_REASONS)[number];

/**
 * Decides a question on a release: asks its policies, and holds the question to what the permits that matched demand,
 * of each obligation the strictest. What no policy permits is denied; a policy that fails denies everything.
 *
 * INVARIANT: live decisions, tests, simulation, replay and shadow all decide here, and nothing but the release and
 * the question has a say. So a recorded question gets the answer that it got.
 *
 * In   release   a compiled one, whether it is live or not
 *      question  as it is put on record with each decision
 * Out  Judgement; its reason is policy.* | operation.digest_required | operation.exact_required | device.proof_missing
 * Spec docs/policies.md; RFC 9470 §3 for step-up
 */
export function judge(release: LiveRelease, question: PolicyRequest): Judgement {
  // What is not known yet must not be decided on: a forbid that asks for it would never apply.
  if (
    question.context.operation.isTemplate &&
    UNKNOWN_OF_TEMPLATES.some((path) => release.refersTo(question.action, path))
  )
    return denial([], 'operation.exact_required');
  const { effect, determining: decided, failed } = release.evaluate(question);
  if (failed) return denial(decided, 'policy.failed');
  if (effect === 'deny') return denial(decided, whyDenied(release, question, decided));

  const determining = thoseThatMean(release, question, decided);
  if (determining.length === 0) return denial([], 'policy.denied');
  const obligations = strictest(determining.map((policy) => release.obligationsOf(policy)));
  const ttlSeconds = obligations.ttlSeconds ?? TTL_SECONDS.default;
  const grounds = { policies: determining, obligations, ttlSeconds, detail: null };
  const unmet = unmetObligation(obligations, question);
  if (unmet === null) return { decision: 'permit', reason: null, ...grounds };
  return { decision: 'deny', ...grounds, ...unmet };
}

/**
 * A permit that does not speak of transactions was written for who is at work in person. A service that trades a
 * transaction token is not, and gets nothing by it.
 */
function thoseThatMean(
  release: LiveRelease,
  { context: { transaction } }: PolicyRequest,
  permits: readonly string[],
): readonly string[] {
  return transaction === undefined
    ? permits
    : permits.filter((policy) => release.speaksOf(policy, 'transaction'));
}

const UNKNOWN_OF_TEMPLATES = [
  'operation.target_uri',
  'operation.path',
  'operation.params',
  'operation.content_type',
];

/** Where the subject alone would be permitted, it is the actor who is not (RFC 8693 §2.2.2). */
function whyDenied(
  release: LiveRelease,
  question: PolicyRequest,
  determining: readonly string[],
): JudgedReason {
  const { context } = question;
  const alone = { ...question, context: { ...context, actor: null } };
  if (context.actor && !context.transaction && release.evaluate(alone).effect === 'permit')
    return 'policy.actor_denied';
  return determining.length > 0 ? 'policy.forbidden' : 'policy.denied';
}

function denial(policies: readonly string[], reason: JudgedReason): Judgement {
  return {
    decision: 'deny',
    reason,
    policies,
    obligations: {},
    ttlSeconds: TTL_SECONDS.default,
    detail: null,
  };
}

type Unmet = Partial<Pick<Grounds, 'stepUp' | 'detail'>> & { readonly reason: JudgedReason };

function unmetObligation(
  { digestRequired, proofRequired, exactTarget, acrValues, maxAuthAgeSeconds, approvers }: Obligations,
  { context: { operation, device, auth, time, approvedBy } }: PolicyRequest,
): Unmet | null {
  if (exactTarget && operation.isTemplate) return { reason: 'operation.exact_required' };
  if (digestRequired && !operation.hasDigest) return { reason: 'operation.digest_required' };
  if (proofRequired && device.keyThumbprint === null) return { reason: 'device.proof_missing' };
  if (acrValues?.length === 0) return { reason: 'policy.unsatisfiable', detail: 'acr' };

  // One challenge names all that is wanting, so that one more sign-in is enough.
  const stepUp: StepUpChallenge = Object.assign(
    {},
    acrValues && { acrValues },
    maxAuthAgeSeconds !== undefined && { maxAgeSeconds: maxAuthAgeSeconds },
  );
  if (acrValues !== undefined && (auth.acr === null || !acrValues.includes(auth.acr)))
    return { reason: 'policy.step_up_acr', detail: auth.acr, stepUp };
  if (maxAuthAgeSeconds !== undefined) {
    // A sign-in of unknown age is too old.
    const isRecent = auth.authTime !== null && time - auth.authTime <= maxAuthAgeSeconds;
    if (!isRecent) return { reason: 'policy.step_up_age', stepUp };
  }
  // Last, so that nobody is asked to approve what would be refused in any case.
  const awaited = approvers?.filter((group) => approvedBy?.includes(group) !== true) ?? [];
  return awaited.length === 0 ? null : { reason: 'policy.approval_required', detail: awaited.join(', ') };
}
