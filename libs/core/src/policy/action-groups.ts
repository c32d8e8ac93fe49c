import type { CatalogOperation } from '../operation/catalog.ts';

/** Name of the action group that holds every operation of an API: `Action::"api:orders"`. */
export function apiGroup(apiId: string): string {
  return `api:${apiId}`;
}

/** Name of the action group that holds every operation with a tag: `Action::"tag:write"`. */
export function tagGroup(tag: string): string {
  return `tag:${tag}`;
}

/** The action groups that an operation is in, sorted. Ids of operations have no colon, so that none of them is a group. */
export function groupsOfOperation(apiId: string, { tags }: CatalogOperation): readonly string[] {
  return [apiGroup(apiId), ...new Set(tags.map(tagGroup))].toSorted();
}
