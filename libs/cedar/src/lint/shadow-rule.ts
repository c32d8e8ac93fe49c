import type { Finding, LintedPolicy, LintedRelease } from './lint-rule.ts';

/** A permit that forbids without conditions leave nothing of. Several may do so together. */
export function lintShadow(policy: LintedPolicy, { policies }: LintedRelease): readonly Finding[] {
  if (policy.json.effect !== 'permit' || policy.operations.length === 0) return [];
  const inScope = new Set(policy.operations);
  const shadows = policies.filter(
    (other) => isShadow(other, policy) && other.operations.some((id) => inScope.has(id)),
  );
  const forbidden = new Set(shadows.flatMap(({ operations }) => operations));
  if (!policy.operations.every((id) => forbidden.has(id))) return [];
  const names = shadows.map(({ source }) => source.id).join(', ');
  const message = `permits nothing: ${names} forbids all of its operations, whatever the circumstances`;
  return [{ rule: 'shadowed-by-forbid', message, at: policy.head.principal.from }];
}

/** Forbids without conditions, to everybody or to exactly those whom the other policy names. */
function isShadow({ json: { effect, principal, conditions } }: LintedPolicy, other: LintedPolicy): boolean {
  if (effect !== 'forbid' || conditions.length > 0) return false;
  const isForAll = principal.op === 'All' || (principal.op === 'is' && principal.in === undefined);
  return isForAll || JSON.stringify(principal) === JSON.stringify(other.json.principal);
}
