import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import type { Answer } from '../answer.ts';
import { columns } from '../columns.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Policies, operations and subjects that nobody has used for so many days, and how policies could be narrower. */
export async function reportUnused(
  terminal: Terminal,
  options: AdminOptions & { days: number },
): Promise<number> {
  const admin = await openAdmin(terminal, options);
  const { body } = await admin.get('/reports/unused', { days: String(options.days) });
  if (options.json === true) terminal.print(JSON.stringify(body.value));
  else for (const line of linesOf(body)) terminal.print(line);
  return EXIT.done;
}

function linesOf(body: Answer): readonly string[] {
  const unused = (what: string): readonly string[] => {
    const rows = body.list(what).map((one) => [one.text('id'), usedAt(one.text('last_used'))]);
    return [`${what}:`, ...(rows.length === 0 ? ['  none'] : columns(rows, '  '))];
  };
  const narrowings = body
    .list('narrowings')
    .flatMap((one) => [`narrower, by what was used: ${one.text('policy')}`, one.text('cedar').trimEnd()]);
  return [
    `unused since ${body.text('since')}`,
    ...['policies', 'operations', 'subjects'].flatMap(unused),
    ...narrowings,
  ];
}

function usedAt(time: string): string {
  return time === '' ? 'never, as far as is known' : `last on ${time.slice(0, 10)}`;
}
