import { groupsOfOperation, isJsonObject, type CatalogApi, type CatalogOperation } from '#core';
import { entityLiteral } from './entity-literal.ts';

/** What the head of a policy leaves open. Null: everything, or something that is not understood here. */
export interface PolicyScope {
  /** Ids of operations and action groups, any of which will do. */
  readonly actions: ReadonlySet<string> | null;
  readonly apis: ReadonlySet<string> | null;
}

/** Reads the scope of a policy in Cedar's JSON form. A shape that is not known narrows nothing. */
export function scopeOf(policy: unknown): PolicyScope {
  if (!isJsonObject(policy)) return { actions: null, apis: null };
  return { actions: idsIn(policy['action'], 'Action'), apis: idsIn(policy['resource'], 'Api') };
}

/** Can a policy with this scope match any request to this API? When in doubt, yes. */
export function canMatchApi({ actions, apis }: PolicyScope, api: CatalogApi): boolean {
  if (apis !== null && !apis.has(api.id)) return false;
  return api.operations.some((operation) => canMatchAction(actions, operation.id, groupsOf(api, operation)));
}

/** Ids of the operations that a policy with this scope can match, sorted. */
export function operationsInScope(scope: PolicyScope, apis: readonly CatalogApi[]): readonly string[] {
  return apis
    .filter(({ id }) => scope.apis === null || scope.apis.has(id))
    .flatMap((api) =>
      api.operations.filter((operation) =>
        canMatchAction(scope.actions, operation.id, groupsOf(api, operation)),
      ),
    )
    .map(({ id }) => id)
    .toSorted();
}

const KNOWN_GROUPS = new WeakMap<CatalogOperation, { apiId: string; groups: readonly string[] }>();

/** As `groupsOfOperation`, made once: each policy of a release is held against each operation. */
function groupsOf({ id: apiId }: CatalogApi, operation: CatalogOperation): readonly string[] {
  const known = KNOWN_GROUPS.get(operation);
  if (known?.apiId === apiId) return known.groups;
  const groups = groupsOfOperation(apiId, operation);
  KNOWN_GROUPS.set(operation, { apiId, groups });
  return groups;
}

export function canMatchAction(
  actions: ReadonlySet<string> | null,
  operation: string,
  groups: readonly string[],
): boolean {
  return actions === null || actions.has(operation) || groups.some((group) => actions.has(group));
}

/** Ids that a constraint asks for: `==`, `in` one or several, `is T in` one. An Api has no parents: `in` means `==`. */
function idsIn(constraint: unknown, type: 'Action' | 'Api'): ReadonlySet<string> | null {
  if (!isJsonObject(constraint)) return null;
  const { op, entity, entities } = constraint;
  if (op === 'is') {
    const isType = constraint['entity_type'] === type;
    return isType && isJsonObject(constraint['in']) ? idsOf([constraint['in']['entity']], type) : null;
  }
  if (op === '==') return idsOf([entity], type);
  if (op === 'in') return idsOf(Array.isArray(entities) ? entities : [entity], type);
  return null;
}

function idsOf(entities: readonly unknown[], type: string): ReadonlySet<string> | null {
  const literals = entities.map(entityLiteral);
  const ids = literals.flatMap((literal) => (literal?.type === type ? [literal.id] : []));
  return ids.length === entities.length ? new Set(ids) : null;
}
