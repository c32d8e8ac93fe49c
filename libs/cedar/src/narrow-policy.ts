import { cedarTokens } from './cedar-tokens.ts';
import { formatPolicy } from './format-policy.ts';
import { parseText } from './parse-policy.ts';
import { policyHead } from './policy-head.ts';

/** What a policy was good for. */
export interface PolicyUse {
  /** Operation ids that it decided. */
  readonly operations: readonly string[];
  /** Operation ids that its scope can match today, as its summary has them. */
  readonly matchable: readonly string[];
}

/**
 * The policy with its action scope narrowed to the operations that it was used for; annotations, conditions and
 * comments outside of that scope stay. Never wider than before: what it cannot match today is left out.
 *
 * Out   the formatted policy; null when there is nothing to narrow: it was used for all that it matches, or for
 *       nothing at all, or it is no policy
 */
export function narrowPolicy(cedar: string, { operations, matchable }: PolicyUse): { cedar: string } | null {
  const scope = parseText(cedar) === null ? undefined : policyHead(cedarTokens(cedar))?.action;
  const kept = [...new Set(operations)].filter((id) => matchable.includes(id)).toSorted();
  if (scope === undefined || kept.length === 0 || kept.length === matchable.length) return null;
  const formatted = formatPolicy(`${cedar.slice(0, scope.from)}${constraint(kept)}${cedar.slice(scope.to)}`);
  return 'cedar' in formatted ? formatted : null;
}

/** Ids of operations hold nothing that would need an escape. */
function constraint(operations: readonly string[]): string {
  const [first, ...others] = operations.map((id) => `Action::"${id}"`);
  return others.length === 0 ? `action == ${first}` : `action in [${[first, ...others].join(', ')}]`;
}
