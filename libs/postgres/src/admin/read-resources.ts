import type { ListQuery, Page, ResourceKind, StoredResource } from '#core';
import { fromCursor } from './cursor.ts';
import { pageOf } from './page-of.ts';
import { ask, askOne, type Database } from './query.ts';
import { columnsOf, RESOURCE_TABLES } from './resource-table.ts';
import { isStorable } from './storable.ts';

export type ResourceRow = Omit<StoredResource, 'updatedAt'> & { updatedAt: Date };

export function toStoredResource(row: ResourceRow): StoredResource {
  return { ...row, updatedAt: row.updatedAt.getTime() };
}

/** Fails  AdminProblem admin.bad_cursor; Error for a filter that the kind does not have; Unavailable */
export async function listResources(
  database: Database,
  kind: ResourceKind,
  { limit, after, filter }: ListQuery,
): Promise<Page<StoredResource>> {
  const table = RESOURCE_TABLES[kind];
  const values: (string | number)[] = [limit + 1];
  const parameter = (value: string): string => `$${values.push(value)}::text`;
  const conditions = after === null ? [] : [`${table.id} > ${parameter(fromCursor(after))}`];
  for (const [name, value] of Object.entries(filter)) {
    const condition = table.filters.get(name);
    if (condition === undefined) throw new Error(`a list of ${kind} cannot be narrowed by this name`);
    if (!isStorable(value)) return { items: [], next: null };
    conditions.push(condition(parameter(value)));
  }
  const { rows } = await ask<ResourceRow>(database, {
    what: `${kind} cannot be read`,
    text: `SELECT ${columnsOf(table)} FROM ${table.table}
            ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
            ORDER BY ${table.id} LIMIT $1`,
    values,
  });
  return pageOf(rows, limit, { toItem: toStoredResource, endOf: ({ id }) => id });
}

/** Fails  Unavailable */
export async function readResource(
  database: Database,
  kind: ResourceKind,
  id: string,
): Promise<StoredResource | null> {
  if (!isStorable(id)) return null;
  const table = RESOURCE_TABLES[kind];
  const row = await askOne<ResourceRow>(database, {
    what: `${kind} cannot be read`,
    text: `SELECT ${columnsOf(table)} FROM ${table.table} WHERE ${table.id} = $1::text`,
    values: [id],
  });
  return row === null ? null : toStoredResource(row);
}
