import { PostgresAuditReader } from '#postgres';
import { formatAuditEvent } from '../audit/format-audit-event.ts';
import { findDatabase } from '../database/find-database.ts';
import { withPool } from '../database/with-pool.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** All events that a reason id or a transaction id stands for, in full. */
export async function explain(
  terminal: Terminal,
  id: string,
  options: { databaseUrl?: string; json?: boolean },
): Promise<number> {
  const { url } = await findDatabase(options.databaseUrl);
  const events = await withPool(url, async (pool) => {
    const reader = new PostgresAuditReader(pool);
    const byReason = await reader.byReasonId(id);
    return byReason.length > 0 ? byReason : await reader.byTxn(id);
  });
  if (events.length === 0) throw new Failure(`the audit log has no reason id and no transaction "${id}"`);
  for (const [at, event] of events.entries()) {
    if (at > 0 && options.json !== true) terminal.print('');
    terminal.print(options.json === true ? JSON.stringify(event) : formatAuditEvent(event, terminal.colours));
  }
  return EXIT.done;
}
