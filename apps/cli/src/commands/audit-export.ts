import { auditQuery, type AuditSearchOptions } from '../administration/audit-query.ts';
import { openAdmin } from '../administration/open-admin.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** All events that match as JSON lines, as they come: an export may be larger than memory. */
export async function auditExport(terminal: Terminal, options: AuditSearchOptions): Promise<number> {
  const query = auditQuery(options);
  const admin = await openAdmin(terminal, options);
  const response = await admin.send({ method: 'GET', path: '/audit-export', query });
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) terminal.print(line);
  }
  if (rest !== '') terminal.print(rest);
  return EXIT.done;
}
