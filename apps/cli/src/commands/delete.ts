import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Deletes a resource as it is now. */
export async function deleteCommand(
  terminal: Terminal,
  { path, id }: { path: string; id: string },
  options: AdminOptions,
): Promise<number> {
  const admin = await openAdmin(terminal, options);
  const where = `/${path}/${encodeURIComponent(id)}`;
  const { etag } = await admin.get(where);
  await admin.call({ method: 'DELETE', path: where, ifMatch: etag });
  if (options.json === true) terminal.print(JSON.stringify({ deleted: `${path}/${id}` }));
  else terminal.print(`${path}/${id} deleted`);
  return EXIT.done;
}
