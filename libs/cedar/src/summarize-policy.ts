import type { CatalogApi, PolicySummary } from '#core';
import { operationsInScope } from './policy-scope.ts';
import type { ReadPolicy } from './read-policy.ts';

/** What a policy is about, in a catalog that has these APIs. */
export function summarizePolicy(
  { source, json, scope }: ReadPolicy,
  apis: readonly CatalogApi[],
): PolicySummary {
  const { name = null, description = null, owner = null } = json.annotations ?? {};
  return {
    id: source.id,
    effect: json.effect,
    operations: operationsInScope(scope, apis),
    name,
    description,
    owner,
  };
}
