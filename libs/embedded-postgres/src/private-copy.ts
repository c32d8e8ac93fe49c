import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export interface BinaryPackage {
  readonly folder: string;
  readonly version: string;
  /** Names inside `folder`: `target` is to be a link to `source`, which lies beside it. */
  readonly links: readonly { readonly source: string; readonly target: string }[];
}

/**
 * A complete copy of the package in the temp dir, made once per user and version. It is run only where nobody else
 * could have put something into it.
 *
 * Fails  Error when the copy's place is taken by somebody else
 */
export function privateCopy(from: BinaryPackage, temp = tmpdir()): string {
  const me = process.getuid?.() ?? 0;
  const place = join(temp, `oncekey-postgres-binaries-${from.version}-${me}`);
  if (isOurs(place, me) && isComplete(place, from)) return place;
  rmSync(place, { recursive: true, force: true });

  const fresh = makeCopy(from, temp);
  try {
    renameSync(fresh, place);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process of ours may have been faster.
    if (!isOurs(place, me) || !isComplete(place, from)) throw error;
  }
  return place;
}

/** Fails  Error when `place` exists and is not ours alone */
function isOurs(place: string, me: number): boolean {
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (platform() === 'win32') return found.isDirectory();
  if (found.isDirectory() && found.uid === me && (found.mode & 0o022) === 0) return true;
  throw new Error(`${place} belongs to somebody else or can be written by others; remove it`);
}

/** Cleaners of temp dirs take single files out of old folders. */
function isComplete(place: string, from: BinaryPackage): boolean {
  const wanted = [
    ...namesBelow(join(from.folder, 'native')),
    ...from.links.map(({ target }) => target.slice(7)),
  ];
  const there = existsSync(join(place, 'native')) ? new Set(namesBelow(join(place, 'native'))) : new Set();
  return wanted.every((name) => there.has(name));
}

function namesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

function makeCopy({ folder, links }: BinaryPackage, temp: string): string {
  const fresh = mkdtempSync(join(temp, 'oncekey-postgres-binaries-'));
  cpSync(join(folder, 'native'), join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of links) {
    const link = join(fresh, target);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(basename(source), link);
  }
  if (platform() === 'win32') return fresh;
  for (const program of ['postgres', 'initdb', 'pg_ctl']) {
    chmodSync(join(fresh, 'native', 'bin', program), 0o755);
  }
  // Root makes the copy and another user runs it.
  chmodSync(fresh, 0o755);
  return fresh;
}
