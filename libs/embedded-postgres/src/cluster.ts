import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from './run-to-end.ts';
import type { ServerUser } from './server-user.ts';

/** A data directory and the password of its superuser `postgres`. */
export interface Cluster {
  /** Holds `data`, the password file and the server's log. */
  readonly folder: string;
  readonly data: string;
  readonly password: string;
}

export interface ClusterPlace {
  readonly folder: string;
  readonly binaries: string;
  readonly user: ServerUser | null;
  readonly env: NodeJS.ProcessEnv;
  readonly durable: boolean;
}

/**
 * Opens the cluster in `folder`; makes it first when there is none. It admits TCP connections with SCRAM only.
 *
 * Fails  Error when `initdb` fails, or when the cluster belongs to another user
 */
export async function openCluster(place: ClusterPlace): Promise<Cluster> {
  const data = join(place.folder, 'data');
  const passwordFile = join(place.folder, 'password');
  if (!existsSync(data)) await makeCluster(place, { data, passwordFile });
  requireOwner(data, place.user);
  return { folder: place.folder, data, password: readFileSync(passwordFile, 'utf8').trim() };
}

/** Made beside its place and then moved there: a run that is killed half-way leaves nothing that looks like a cluster. */
async function makeCluster(
  { folder, binaries, user, env, durable }: ClusterPlace,
  { data, passwordFile }: { data: string; passwordFile: string },
): Promise<void> {
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (user !== null) for (const file of [unfinished, passwordFile]) chownSync(file, user.uid, user.gid);
  const args = ['-D', unfinished, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  args.push('-E', 'UTF8', '--locale=C', '--no-instructions', ...(durable ? [] : ['--no-sync']));
  await runToEnd({ program: join(binaries, 'initdb'), args, cwd: folder, env, user });
  renameSync(unfinished, data);
}

function requireOwner(data: string, user: ServerUser | null): void {
  const wanted = user?.uid ?? process.getuid?.();
  if (wanted === undefined || statSync(data).uid === wanted) return;
  throw new Error(`${data} was made by another user; start as that user again, or remove it`);
}
