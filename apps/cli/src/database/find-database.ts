import { readFile } from 'node:fs/promises';
import { environment, ourQuickstart } from '../config.ts';
import { EXIT, Failure } from '../failure.ts';

/** The database that a command works on. */
export interface DatabaseChoice {
  readonly url: string;
  /** It is the quickstart's: plain http on the loopback interface is acceptable in its registrations. */
  readonly isQuickstart: boolean;
}

/**
 * `--database-url`, else `DATABASE_URL`, else the database of the running quickstart.
 *
 * Fails  Failure when there is none of the three
 */
export async function findDatabase(option: string | undefined): Promise<DatabaseChoice> {
  const url = option ?? environment['DATABASE_URL'];
  if (url !== undefined && url !== '') return { url, isQuickstart: false };
  try {
    const written = await readFile(ourQuickstart().databaseUrl, 'utf8');
    return { url: written.trim(), isQuickstart: true };
  } catch (cause) {
    throw new Failure(
      'no database: give --database-url, set DATABASE_URL, or start the quickstart with `npm start`',
      EXIT.usage,
      { cause },
    );
  }
}
