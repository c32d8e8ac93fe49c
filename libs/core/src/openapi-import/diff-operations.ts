import type { CatalogOperation } from '../operation/catalog.ts';

export interface OperationsDiff {
  readonly added: readonly CatalogOperation[];
  readonly changed: readonly CatalogOperation[];
  /** Ids of what is in the catalog and not in the document. */
  readonly removed: readonly string[];
}

/** What importing these operations of an API does to those that it has. */
export function diffOperations(
  present: readonly CatalogOperation[],
  imported: readonly CatalogOperation[],
): OperationsDiff {
  const old = new Map(present.map((operation) => [operation.id, textOf(operation)]));
  const kept = new Set(imported.map(({ id }) => id));
  return {
    added: imported.filter(({ id }) => !old.has(id)),
    changed: imported.filter(
      (operation) => old.has(operation.id) && old.get(operation.id) !== textOf(operation),
    ),
    removed: present.map(({ id }) => id).filter((id) => !kept.has(id)),
  };
}

/** Tags have no order. */
function textOf({ method, path, tags }: CatalogOperation): string {
  return JSON.stringify([method, path, [...new Set(tags)].toSorted()]);
}
