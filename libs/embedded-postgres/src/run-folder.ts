import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './is-alive.ts';
import { isReachable } from './is-reachable.ts';
import type { ServerUser } from './server-user.ts';

const PREFIX = 'oncekey-postgres-run-';
const OWNER = 'owner';

/** A folder in the temp dir for one run; it names its process, so that the next run can clear away what a killed one left. */
export function temporaryFolder(user: ServerUser | null): string {
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  if (user !== null) chmodSync(folder, 0o711);
  writeFileSync(join(folder, OWNER), `${process.pid}\n${processSpace()}\n`, { mode: 0o600 });
  return folder;
}

/**
 * A folder that outlives the run, made when it is not there.
 *
 * Fails  Error when the user that the server runs as cannot get into it
 */
export function keptFolder(folder: string, user: ServerUser | null): string {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, user === null ? 0o700 : 0o711);
  }
  if (isReachable(folder, user)) return folder;
  throw new Error(
    `${folder} cannot be entered by user "${user?.name}", who runs Postgres for root; ` +
      'choose a data folder outside folders that only root may enter',
  );
}

/** Removes what runs of this user left behind when they were killed. */
export function sweepAbandoned(): void {
  const me = process.getuid?.();
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory() !== true || (me !== undefined && found.uid !== me)) continue;
    if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function isAbandoned(folder: string): boolean {
  const [pid, space] = readLines(join(folder, OWNER));
  if (pid === undefined || space !== processSpace() || isAlive(Number(pid))) return false;
  const [server] = readLines(join(folder, 'data', 'postmaster.pid'));
  return server === undefined || !isAlive(Number(server));
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    // Not there, or just being removed by somebody else who sweeps.
    return [];
  }
}

/** Process ids mean something within one machine or container only, and a temp dir may be shared between several. */
function processSpace(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
