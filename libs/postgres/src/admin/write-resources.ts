import {
  AdminProblem,
  NoSuchResource,
  Unavailable,
  VersionMoved,
  type JsonObject,
  type ResourceKind,
  type StoredResource,
} from '#core';
import type { PoolClient } from 'pg';
import { conflictIn } from './conflict-in.ts';
import { readResource, toStoredResource, type ResourceRow } from './read-resources.ts';
import { columnsOf, RESOURCE_TABLES, type ResourceTable } from './resource-table.ts';
import { isStorable, toStorableJson } from './storable.ts';

export interface ResourceWrite {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly document: JsonObject;
  readonly enabled: boolean;
  /** `issuer|subject`; null when nobody who signed in does it. */
  readonly by: string | null;
}

/** Fails  ResourceConflict | AdminProblem admin.invalid | Unavailable */
export async function insertResource(connection: PoolClient, write: ResourceWrite): Promise<StoredResource> {
  const table = RESOURCE_TABLES[write.kind];
  const values = valuesOf(table, write);
  const columns = columnsWritten(table);
  const stored = await writeRow(connection, write.kind, {
    text: `INSERT INTO ${table.table} (${columns.join(', ')}) VALUES (${places(columns)})
           RETURNING ${columnsOf(table)}`,
    values,
  });
  if (stored === null) throw new Error('a resource was inserted and did not come back');
  return stored;
}

/** One statement decides: of any number who name the same version, one changes it. Fails  as `insertResource`; VersionMoved; NoSuchResource */
export async function updateResource(
  connection: PoolClient,
  write: ResourceWrite,
  ifVersion: string,
): Promise<StoredResource> {
  const table = RESOURCE_TABLES[write.kind];
  const columns = columnsWritten(table);
  const values = valuesOf(table, write);
  const stored = await writeRow(connection, write.kind, {
    text: `UPDATE ${table.table}
              SET ${columns.map((column, at) => `${column} = $${at + 1}`).join(', ')},
                  version = nextval('resource_version'), updated_at = clock_timestamp()
            WHERE ${table.id} = $1 AND version::text = $${values.length + 1}::text
           RETURNING ${columnsOf(table)}`,
    values: [...values, storableVersion(ifVersion)],
  });
  if (stored === null) throw await absenceOf(connection, write.kind, write.id);
  return stored;
}

/** Fails  VersionMoved | NoSuchResource | Unavailable */
export async function deleteResource(
  connection: PoolClient,
  { kind, id }: Pick<ResourceWrite, 'kind' | 'id'>,
  ifVersion: string,
): Promise<void> {
  if (!isStorable(id)) throw new NoSuchResource();
  const table = RESOURCE_TABLES[kind];
  const gone = await writeRow(connection, kind, {
    text: `DELETE FROM ${table.table} WHERE ${table.id} = $1::text AND version::text = $2::text
           RETURNING ${columnsOf(table)}`,
    values: [id, storableVersion(ifVersion)],
  });
  if (gone === null) throw await absenceOf(connection, kind, id);
}

/** Writes it whatever was there before, and enables it. Fails  as `insertResource` */
export async function putResource(connection: PoolClient, write: ResourceWrite): Promise<void> {
  const stored = await readResource(connection, write.kind, write.id);
  if (stored === null) await insertResource(connection, write);
  else await updateResource(connection, write, stored.version);
}

function columnsWritten({ id, names, hasEnabled }: ResourceTable): readonly string[] {
  return [id, 'document', 'updated_by', ...(hasEnabled ? ['enabled'] : []), ...names];
}

/** In the order of `columnsWritten`. */
function valuesOf(table: ResourceTable, write: ResourceWrite): (string | boolean | null)[] {
  const { id, document, by, enabled } = write;
  if (!isStorable(id)) throw invalid(table.idMember);
  const names = table.names.map((name) => {
    const value = document[name];
    if (typeof value !== 'string') throw invalid(name);
    return value;
  });
  return [id, toStorableJson(document), by, ...(table.hasEnabled ? [enabled] : []), ...names];
}

function invalid(member: string): AdminProblem {
  return new AdminProblem('admin.invalid', [{ detail: 'must be a string', pointer: `#/${member}` }]);
}

function places(columns: readonly string[]): string {
  return columns.map((_, at) => `$${at + 1}`).join(', ');
}

/** What no version looks like is none. */
function storableVersion(version: string): string {
  return isStorable(version) ? version : '';
}

async function absenceOf(
  connection: PoolClient,
  kind: ResourceKind,
  id: string,
): Promise<VersionMoved | NoSuchResource> {
  return (await readResource(connection, kind, id)) === null ? new NoSuchResource() : new VersionMoved();
}

async function writeRow(
  connection: PoolClient,
  kind: ResourceKind,
  query: { text: string; values: (string | boolean | null)[] },
): Promise<StoredResource | null> {
  try {
    const { rows } = await connection.query<ResourceRow>(query);
    const row = rows[0];
    return row === undefined ? null : toStoredResource(row);
  } catch (error) {
    throw conflictIn(error) ?? new Unavailable(`${kind} cannot be written`, error);
  }
}
