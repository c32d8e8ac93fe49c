import { keepAuditLog } from '#postgres';
import { findDatabase } from '../database/find-database.ts';
import { withPool } from '../database/with-pool.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Says for how long the audit log is kept. Fails  Failure when it is not said, or twice */
export async function auditKeep(
  terminal: Terminal,
  { days, forever = false, databaseUrl }: { days?: number; forever?: boolean; databaseUrl?: string },
): Promise<number> {
  if ((days !== undefined) === forever) throw new Failure('give --days or --forever', EXIT.usage);
  const { url } = await findDatabase(databaseUrl);
  await withPool(url, (pool) => keepAuditLog(pool, days ?? null));
  terminal.print(
    days === undefined
      ? 'the audit log is kept for ever'
      : `days of the audit log are dropped when they are more than ${days} days old`,
  );
  return EXIT.done;
}
