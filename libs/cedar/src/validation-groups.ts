import { CLAIMED, type CatalogApi, type ReleaseDocument } from '#core';
import { canMatchApi } from './policy-scope.ts';
import type { ReadPolicy } from './read-policy.ts';
import type { References } from './references.ts';
import { representativeOperations } from './representative-operations.ts';
import { Vocabulary } from './vocabulary.ts';

type Declared = Pick<ReleaseDocument, 'apis' | 'claimed'>;

/** Policies, and as much of what the release declares as they have to be held against. */
interface ValidationGroup extends Declared {
  readonly policies: readonly ReadPolicy[];
}

/**
 * Cedar reads the whole schema for each validation, and validates each policy once per operation in it, whatever its
 * scope: thousands of policies times hundreds of operations take minutes. Most policies can match one API only, and
 * are held against that one; those that can match several, against these; and of operations that look alike to them,
 * against one. What a group does not speak of is not in its schema, so that a change elsewhere leaves its result as it
 * was.
 */
export function validationGroups(
  policies: readonly ReadPolicy[],
  declared: Declared,
): readonly ValidationGroup[] {
  const names = new Map(declared.apis.map((api) => [api, new Vocabulary([api], {}).actions]));
  const known = new Set([...names.values()].flatMap((actions) => [...actions]));
  const alone = new Map<CatalogApi, ReadPolicy[]>();
  const together: ReadPolicy[] = [];
  const shared = new Set<CatalogApi>();
  for (const policy of policies) {
    const namesUnknown = idsIn(policy.references, 'Action').some((id) => !known.has(id));
    const [home, ...others] = namesUnknown ? [] : homesOf(policy, names);
    if (home !== undefined && others.length === 0) {
      const group = alone.get(home);
      if (group === undefined) alone.set(home, [policy]);
      else group.push(policy);
    } else {
      together.push(policy);
      for (const api of home === undefined ? declared.apis : [home, ...others]) shared.add(api);
    }
  }
  const groups = [...alone].map(([home, group]) => groupOf(group, new Set([home]), declared));
  return together.length === 0 ? groups : [...groups, groupOf(together, shared, declared)];
}

/** The APIs that a policy can match or names actions of. */
function homesOf(
  policy: ReadPolicy,
  names: ReadonlyMap<CatalogApi, ReadonlySet<string>>,
): readonly CatalogApi[] {
  const actions = idsIn(policy.references, 'Action');
  return [...names]
    .filter(([api, known]) => canMatchApi(policy.scope, api) || actions.some((id) => known.has(id)))
    .map(([api]) => api);
}

function idsIn({ entities }: References, type: 'Action' | 'Api'): readonly string[] {
  return entities.filter((entity) => entity.type === type).map(({ id }) => id);
}

function groupOf(
  policies: readonly ReadPolicy[],
  homes: ReadonlySet<CatalogApi>,
  { apis, claimed }: Declared,
): ValidationGroup {
  const named = new Set(policies.flatMap(({ references }) => idsIn(references, 'Api')));
  const actions = new Set(policies.flatMap(({ references }) => idsIn(references, 'Action')));
  return {
    policies,
    apis: apis
      .filter((api) => homes.has(api) || named.has(api.id))
      .map((api) => ({ ...api, operations: homes.has(api) ? representativeOperations(api, actions) : [] })),
    claimed: claimedIn(policies, claimed),
  };
}

/** What these policies can see of the claimed attributes: all, where one of them looks at the whole record. */
function claimedIn(
  policies: readonly ReadPolicy[],
  claimed: ReleaseDocument['claimed'],
): ReleaseDocument['claimed'] {
  const paths = new Set(policies.flatMap(({ references }) => [...references.context]));
  if (paths.has('') || paths.has(CLAIMED)) return claimed;
  return Object.fromEntries(Object.entries(claimed).filter(([name]) => paths.has(`${CLAIMED}.${name}`)));
}
