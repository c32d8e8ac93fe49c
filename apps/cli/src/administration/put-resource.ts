import type { JsonObject } from '#core';
import { randomUUID } from 'node:crypto';
import type { AdminAnswer, AdminClient } from './admin-client.ts';
import { AdminRefusal } from './admin-refusal.ts';

/** Creates a resource, or replaces the version that is there. */
export async function putResource(
  admin: AdminClient,
  { path, id, document }: { path: string; id: string; document: JsonObject },
): Promise<{ body: AdminAnswer['body']; isNew: boolean }> {
  const present = await findResource(admin, `/${path}/${encodeURIComponent(id)}`);
  const { body } = await admin.call(
    present === null
      ? { method: 'POST', path: `/${path}`, body: document, idempotencyKey: randomUUID() }
      : {
          method: 'PUT',
          path: `/${path}/${encodeURIComponent(id)}`,
          body: document,
          ifMatch: present.etag,
        },
  );
  return { body, isNew: present === null };
}

/** Null when there is no such thing. */
export async function findResource(
  admin: Pick<AdminClient, 'get'>,
  path: string,
): Promise<AdminAnswer | null> {
  try {
    return await admin.get(path);
  } catch (error) {
    if (error instanceof AdminRefusal && error.status === 404) return null;
    throw error;
  }
}
