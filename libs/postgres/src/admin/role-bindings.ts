import { readRoleBinding, type JsonObject, type RoleBinding } from '#core';
import { ask, type Database } from './query.ts';

/** Those that are enabled. What cannot be read gives nobody anything. Fails  Unavailable */
export async function readRoleBindings(database: Database): Promise<readonly RoleBinding[]> {
  const { rows } = await ask<{ document: unknown }>(database, {
    what: 'role bindings cannot be read',
    text: 'SELECT document FROM role_binding WHERE enabled ORDER BY id',
  });
  return rows.flatMap(({ document }) => {
    const read = readRoleBinding(document);
    return 'problems' in read ? [] : [read.registration];
  });
}

/** A binding as it is stored. */
export function roleBindingDocument({ id, role, holder }: RoleBinding): JsonObject {
  return { id, role, ...holder };
}
