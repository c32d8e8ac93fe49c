import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { columns } from '../columns.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Who the admin API takes the caller for, and what they may do. */
export async function whoami(terminal: Terminal, options: AdminOptions): Promise<number> {
  const { body } = await (await openAdmin(terminal, options)).get('/whoami');
  if (options.json === true) {
    terminal.print(JSON.stringify(body.value));
    return EXIT.done;
  }
  const words = (name: string): string => body.texts(name).join(', ') || '-';
  const rows = columns([
    ['subject', body.text('subject')],
    ['issuer', body.text('issuer')],
    ['client', body.text('client_id')],
    ['groups', words('groups')],
    ['roles', words('roles')],
    ['may', words('operations')],
  ]);
  for (const row of rows) terminal.print(row);
  return EXIT.done;
}
