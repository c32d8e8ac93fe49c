import { randomUUID } from 'node:crypto';
import type { AdminAnswer, AdminClient } from '../administration/admin-client.ts';
import { AdminRefusal } from '../administration/admin-refusal.ts';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { readDocument } from '../administration/read-document.ts';
import { resourceOf } from '../administration/resources.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Members that the API adds by itself and does not take back. */
const READ_ONLY: readonly string[] = ['updated_at', 'updated_by', 'problems', 'warnings'];

/** Read-only members of policies only. */
const OF_POLICIES: readonly string[] = ['name', 'description', 'owner', 'effect'];

/** Creates a resource, or replaces the one of the same id. What `get` shows can be put again. */
export async function put(
  terminal: Terminal,
  { path, file }: { path: string; file: string },
  options: AdminOptions,
): Promise<number> {
  const resource = resourceOf(path);
  const read = await readDocument(file);
  const left = path === 'policies' ? [...READ_ONLY, ...OF_POLICIES] : READ_ONLY;
  const document = Object.fromEntries(Object.entries(read).filter(([name]) => !left.includes(name)));
  const id = document[resource.id];
  if (typeof id !== 'string') throw new Failure(`${file} says no ${resource.id}`, EXIT.usage);
  const admin = await openAdmin(terminal, options);
  const present = await find(admin, `/${path}/${encodeURIComponent(id)}`);
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
  if (options.json === true) terminal.print(JSON.stringify(body.value));
  else terminal.print(`${path}/${id} ${present === null ? 'created' : 'replaced'}`);
  return EXIT.done;
}

async function find(admin: AdminClient, path: string): Promise<AdminAnswer | null> {
  try {
    return await admin.get(path);
  } catch (error) {
    if (error instanceof AdminRefusal && error.status === 404) return null;
    throw error;
  }
}
