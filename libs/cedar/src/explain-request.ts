import { EXPLANATION_CAP, type Explanation, type PolicyVerdict } from '#core';
import { isAuthorized } from './engine.ts';
import type { LeanRequest } from './lean-request.ts';
import { partsOf, type PolicyPart } from './policy-parts.ts';
import type { ReadPolicy } from './read-policy.ts';

interface Missing {
  readonly part: PolicyPart;
  /** Why it could not even be evaluated; null when it is merely not so. */
  readonly error: string | null;
}

/**
 * Why policies answered a request as they did: each is taken into parts, and Cedar is asked for every part alone. It
 * is asked once, about a set that is parsed for this one question: milliseconds, where a decision takes microseconds.
 *
 * In     policies  those whose action and resource fit the request
 *        lean      the request as Cedar was given it
 *        verdict   what was answered
 * Fails  Error when the engine does not answer
 */
export function explainRequest(
  policies: readonly ReadPolicy[],
  lean: LeanRequest,
  verdict: PolicyVerdict,
): Explanation {
  const taken = policies.map(({ source, json }) => ({
    policy: source.id,
    effect: json.effect,
    parts: partsOf(source.cedar),
  }));
  const found = askParts(
    taken.flatMap(({ parts }) => parts),
    lean,
  );
  const explained = taken.map(({ policy, effect, parts }) => ({
    policy,
    effect,
    missing: withoutGuards(parts.flatMap((part) => found.get(part) ?? [])),
  }));
  const determining = new Set(verdict.determining);
  return {
    applied: explained
      .filter(({ missing }) => missing.length === 0)
      .map(({ policy, effect }) => ({ policy, effect, determining: determining.has(policy) }))
      .toSorted((a, b) => (a.policy < b.policy ? -1 : 1)),
    almost: explained
      .filter(({ missing }) => missing.length > 0)
      .toSorted(
        (a, b) =>
          a.missing.length - b.missing.length ||
          Number(a.effect === 'forbid') - Number(b.effect === 'forbid') ||
          (a.policy < b.policy ? -1 : 1),
      )
      .slice(0, EXPLANATION_CAP)
      .map(({ policy, effect, missing }) => ({ policy, effect, missing: missing.map(textOf) })),
  };
}

/** The parts that do not hold. */
function askParts(parts: readonly PolicyPart[], lean: LeanRequest): ReadonlyMap<PolicyPart, Missing> {
  const staticPolicies = Object.fromEntries(parts.map(({ cedar }, at) => [String(at), cedar]));
  const answer = isAuthorized({ ...lean, policies: { staticPolicies } });
  if (answer.type === 'failure') throw new Error(`the engine did not answer: ${answer.errors[0]?.message}`);
  const { reason, errors } = answer.response.diagnostics;
  const held = new Set(reason);
  const failed = new Map(errors.map(({ policyId, error }) => [policyId, error.message]));
  return new Map(
    parts.flatMap((part, at) => {
      const id = String(at);
      return held.has(id) ? [] : [[part, { part, error: failed.get(id) ?? null }]];
    }),
  );
}

/** `x has a && x.a == 1` lacks one thing, not two: what reads `a` says that it is absent. */
function withoutGuards(missing: readonly Missing[]): readonly Missing[] {
  return missing.filter(
    ({ part }, at) =>
      !part.isGuard ||
      !missing.slice(at + 1).some((later) => later.error !== null && later.part.clause === part.clause),
  );
}

function textOf({ part, error }: Missing): string {
  if (error === null) return part.text;
  const why = /does not have the (?:required )?attribute|does not exist/.test(error)
    ? 'absent'
    : 'cannot be evaluated';
  return `${part.text} (${why})`;
}
