import { listAll } from '../administration/list-all.ts';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { resourceOf } from '../administration/resources.ts';
import { cellOf } from '../cell-of.ts';
import { columns } from '../columns.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { stringify } from 'yaml';

/** Lists a resource, or shows one of it: as YAML that `put` takes again. */
export async function get(
  terminal: Terminal,
  { path, id }: { path: string; id: string | undefined },
  options: AdminOptions & { filter?: Readonly<Record<string, string>> },
): Promise<number> {
  const resource = resourceOf(path);
  const admin = await openAdmin(terminal, options);
  if (id !== undefined) {
    const { body } = await admin.get(`/${path}/${encodeURIComponent(id)}`);
    terminal.print(options.json === true ? JSON.stringify(body.value) : stringify(body.value).trimEnd());
    return EXIT.done;
  }
  const items = await listAll(admin, { path: `/${path}`, query: options.filter ?? {} });
  if (options.json === true) {
    terminal.print(JSON.stringify(items.map(({ value }) => value)));
    return EXIT.done;
  }
  const rows = items.map((item) => [
    item.text(resource.id),
    ...resource.shows.map((name) => cellOf(item.at(name).value)),
    item.at('enabled').value === false ? terminal.colours.red('disabled') : '',
  ]);
  for (const row of columns(rows)) terminal.print(row);
  return EXIT.done;
}
