import { groupsOfOperation, type CatalogApi, type CatalogOperation } from '#core';
import { parameterNames } from './vocabulary.ts';

/**
 * One operation in place of all that a validator cannot tell apart, given the ids of actions and action groups that
 * its policies name: such have the same parameters, and belong to the same of these groups. An operation that is
 * named itself stays.
 */
export function representativeOperations(
  { id: api, operations }: CatalogApi,
  named: ReadonlySet<string>,
): readonly CatalogOperation[] {
  const kinds = new Map<string, CatalogOperation>();
  for (const operation of operations) {
    const groups = groupsOfOperation(api, operation).filter((group) => named.has(group));
    const alone = named.has(operation.id) ? operation.id : null;
    const kind = JSON.stringify([alone, parameterNames(operation).toSorted(), groups.toSorted()]);
    if (!kinds.has(kind)) kinds.set(kind, operation);
  }
  return [...kinds.values()];
}
