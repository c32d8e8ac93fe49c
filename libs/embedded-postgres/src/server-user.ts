import { readFileSync } from 'node:fs';

/** Who the server runs as, where that is not the user of this process. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Null when this process may run the server itself. Postgres refuses to run as root and `initdb` wants an account
 * that has a name, so root hands the server to `postgres`, and where that does not exist to `nobody`.
 *
 * Fails  Error when this is root and neither account exists
 */
export function serverUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find(([found]) => found === name);
    if (account !== undefined) return { name, uid: Number(account[2]), gid: Number(account[3]) };
  }
  throw new Error(
    'root may not run Postgres, and there is neither a user "postgres" nor "nobody" to run it as',
  );
}
