import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEvent } from '#core';
import { PostgresAuditReader } from '#postgres';
import { formatAuditLine } from '../audit/format-audit-event.ts';
import { FollowedLog } from '../audit/followed-log.ts';
import { findDatabase } from '../database/find-database.ts';
import { withPool } from '../database/with-pool.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

const POLL_MS = 400;
/** Events per look; more than that have to wait for the next one. */
const AT_A_TIME = 1000;

/** Shows the last events of the audit log, and with `follow` each new one until the command is ended. */
export async function auditTail(
  terminal: Terminal,
  options: { databaseUrl?: string; lines: number; follow?: boolean; json?: boolean },
): Promise<number> {
  const { url } = await findDatabase(options.databaseUrl);
  const show = (event: AuditEvent): void =>
    terminal.print(options.json === true ? JSON.stringify(event) : formatAuditLine(event, terminal.colours));
  return withPool(url, async (pool) => {
    const reader = new PostgresAuditReader(pool);
    const last = await reader.tail({ limit: options.lines });
    last.forEach(show);
    if (options.follow !== true) return EXIT.done;
    const log = new FollowedLog(last, Date.now());
    for (;;) {
      await sleep(POLL_MS);
      log.fresh(await reader.tail({ afterId: log.lookFrom, limit: AT_A_TIME })).forEach(show);
    }
  });
}
