import { migrate } from '#postgres';
import { findDatabase } from '../database/find-database.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Brings the database up to date; any number of processes may do it at once. */
export async function migrateCommand(terminal: Terminal, options: { databaseUrl?: string }): Promise<number> {
  const { url } = await findDatabase(options.databaseUrl);
  const ran = await migrate(url).catch((cause: unknown) => {
    throw new Failure('the database could not be migrated', EXIT.unavailable, { cause });
  });
  for (const name of ran) terminal.print(`ran ${name}`);
  if (ran.length === 0) terminal.print('nothing to do: the database is up to date');
  return EXIT.done;
}
