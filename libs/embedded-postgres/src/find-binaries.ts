import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { npmBinaries } from './npm-binaries.ts';
import type { ServerUser } from './server-user.ts';

/** `npm`: the optional dependency, the same on every machine. `system`: what the system's packages installed. */
export type BinarySource = 'npm' | 'system';

/**
 * Folder with `postgres` and `initdb`: of the preferred source, else of the other one.
 *
 * Fails  Error when neither has them
 */
export function findBinaries(prefer: BinarySource, user: ServerUser | null): string {
  const folder =
    prefer === 'system' ? (systemBinaries() ?? npmBinaries(user)) : (npmBinaries(user) ?? systemBinaries());
  if (folder !== null) return folder;
  throw new Error(
    'no Postgres was found: name a server by its URL, install Postgres, ' +
      'or run "npm ci" without "--omit=optional" for the embedded one',
  );
}

/** Where Debian and its kin put servers, the newest first. */
const SYSTEM_FOLDER = '/usr/lib/postgresql';

function systemBinaries(): string | null {
  if (!existsSync(SYSTEM_FOLDER)) return null;
  const newestFirst = readdirSync(SYSTEM_FOLDER).toSorted((a, b) => Number(b) - Number(a));
  const folders = newestFirst.map((version) => join(SYSTEM_FOLDER, version, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}
