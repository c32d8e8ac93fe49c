import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { putResource } from '../administration/put-resource.ts';
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
  const { body, isNew } = await putResource(admin, { path, id, document });
  if (options.json === true) terminal.print(JSON.stringify(body.value));
  else terminal.print(`${path}/${id} ${isNew ? 'created' : 'replaced'}`);
  return EXIT.done;
}
