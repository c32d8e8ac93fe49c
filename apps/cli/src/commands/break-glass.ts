import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { sha256, Trail } from '#core';
import { openBreakGlass } from '#postgres';
import { environment } from '../config.ts';
import { findDatabase } from '../database/find-database.ts';
import { withPool } from '../database/with-pool.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

const TTL_SECONDS = 900;

/**
 * Makes a link that enrols an admin when everybody is locked out. Whoever can write to the database may; that it was
 * done is on record in the same transaction.
 */
export async function breakGlass(
  terminal: Terminal,
  options: { adminUrl?: string; databaseUrl?: string },
): Promise<number> {
  const adminUrl = options.adminUrl ?? environment['ONCEKEY_ADMIN_URL'] ?? '';
  if (!URL.canParse(adminUrl)) {
    throw new Failure('--admin-url or ONCEKEY_ADMIN_URL says where the admin API is', EXIT.usage);
  }
  const { url } = await findDatabase(options.databaseUrl);
  const code = randomBytes(32).toString('base64url');
  const trail = new Trail('admin.break_glass', Date.now());
  const event = trail.event('done', null, `by ${userInfo().username} on the database host`);
  await withPool(url, (pool) =>
    openBreakGlass(pool, { codeHash: sha256(code), ttlSeconds: TTL_SECONDS, event }),
  );
  terminal.print(`${adminUrl.replace(/\/$/, '')}/enroll#${code}`);
  terminal.remark(
    terminal.colours.yellow(
      `for ${TTL_SECONDS / 60} minutes, once: oncekey enroll '<this link>'; it is on record`,
    ),
  );
  return EXIT.done;
}
