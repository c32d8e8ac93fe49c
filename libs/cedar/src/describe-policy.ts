import type { PolicySource, PolicySummary } from '#core';
import { parsePolicy } from './parse-policy.ts';

/** What a policy says of itself, whether or not it fits a catalog; null when it is no policy. */
export function describePolicy(
  source: PolicySource,
): Pick<PolicySummary, 'effect' | 'name' | 'description' | 'owner'> | null {
  const parsed = parsePolicy(source);
  if ('problems' in parsed) return null;
  const { name = null, description = null, owner = null } = parsed.json.annotations ?? {};
  return { effect: parsed.json.effect, name, description, owner };
}
