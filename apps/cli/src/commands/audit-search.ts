import { auditQuery, type AuditSearchOptions } from '../administration/audit-query.ts';
import { listAll } from '../administration/list-all.ts';
import { openAdmin } from '../administration/open-admin.ts';
import { formatFoundEvent } from '../audit/format-found-event.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Events of the audit log by what they are about, the newest first, through the admin API. */
export async function auditSearch(terminal: Terminal, options: AuditSearchOptions): Promise<number> {
  const query = auditQuery(options);
  const admin = await openAdmin(terminal, options);
  const events = await listAll(admin, { path: '/audit', query }, options.lines);
  for (const event of events) {
    terminal.print(
      options.json === true ? JSON.stringify(event.value) : formatFoundEvent(event, terminal.colours),
    );
  }
  return EXIT.done;
}
