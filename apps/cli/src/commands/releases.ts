import { listAll } from '../administration/list-all.ts';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { columns } from '../columns.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** What was published, the newest first. */
export async function releases(
  terminal: Terminal,
  options: AdminOptions & { lines: number },
): Promise<number> {
  const { colours } = terminal;
  const found = await listAll(await openAdmin(terminal, options), { path: '/releases' }, options.lines);
  if (options.json === true) {
    terminal.print(JSON.stringify(found.map(({ value }) => value)));
    return EXIT.done;
  }
  const rows = found.map((release) => {
    const rolledBack = release.text('rollback_of');
    return [
      release.isTrue('live') ? colours.green('live') : '',
      release.text('number'),
      release.text('published_at').slice(0, 19).replace('T', ' '),
      release.text('author'),
      rolledBack === '' ? release.text('message') : `${release.text('message')} (as release ${rolledBack})`,
    ];
  });
  for (const row of columns(rows)) terminal.print(row);
  return EXIT.done;
}
