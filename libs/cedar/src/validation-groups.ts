import type { CatalogApi } from '#core';
import { canMatchApi } from './policy-scope.ts';
import type { ReadPolicy } from './read-policy.ts';
import { Vocabulary } from './vocabulary.ts';

/** Policies, and as much of the catalog as they have to be held against. */
interface ValidationGroup {
  readonly policies: readonly ReadPolicy[];
  /** All APIs, so that each can be named; those that these policies cannot match have no operations. */
  readonly apis: readonly CatalogApi[];
}

/**
 * Cedar validates each policy once per operation of the schema, whatever its scope: thousands of policies times
 * hundreds of operations take minutes. Most policies can match one API only, and are validated against that one. A
 * policy that names an action of another API, in its scope or in a condition, is held against the whole catalog.
 */
export function validationGroups(
  policies: readonly ReadPolicy[],
  apis: readonly CatalogApi[],
): readonly ValidationGroup[] {
  const names = new Map(apis.map((api) => [api, new Vocabulary([api], {}).actions]));
  const homes = new Map<CatalogApi | null, ReadPolicy[]>();
  for (const policy of policies) {
    const home = homeOf(policy, names);
    const group = homes.get(home);
    if (group === undefined) homes.set(home, [policy]);
    else group.push(policy);
  }
  return [...homes].map(([home, group]) => ({
    policies: group,
    apis: home === null ? apis : apis.map((api) => (api === home ? api : { ...api, operations: [] })),
  }));
}

/** The only API that a policy can match and names actions of; null when there is not one. */
function homeOf(
  { scope, references }: ReadPolicy,
  names: ReadonlyMap<CatalogApi, ReadonlySet<string>>,
): CatalogApi | null {
  const [home, ...others] = [...names.keys()].filter((api) => canMatchApi(scope, api));
  if (home === undefined || others.length > 0) return null;
  const known = names.get(home);
  return references.entities.every(({ type, id }) => type !== 'Action' || known?.has(id)) ? home : null;
}
