import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { putResource } from '../administration/put-resource.ts';
import { readDocument } from '../administration/read-document.ts';
import { resourceOf } from '../administration/resources.ts';
import { writableMembers } from '../administration/writable-members.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Creates a resource, or replaces the one of the same id. What `get` shows can be put again. */
export async function put(
  terminal: Terminal,
  { path, file }: { path: string; file: string },
  options: AdminOptions,
): Promise<number> {
  const resource = resourceOf(path);
  const document = writableMembers(path, await readDocument(file));
  const id = document[resource.id];
  if (typeof id !== 'string') throw new Failure(`${file} says no ${resource.id}`, EXIT.usage);
  const admin = await openAdmin(terminal, options);
  const { body, isNew } = await putResource(admin, { path, id, document });
  if (options.json === true) terminal.print(JSON.stringify(body.value));
  else terminal.print(`${path}/${id} ${isNew ? 'created' : 'replaced'}`);
  return EXIT.done;
}
