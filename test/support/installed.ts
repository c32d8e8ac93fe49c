import { execFileSync } from 'node:child_process';

/** Programs that tests know how to get, and the Debian packages that they are in. */
const PACKAGES = {
  nginx: 'nginx',
  haproxy: 'haproxy',
  caddy: 'caddy',
  chromium: 'chromium',
  'redis-server': 'redis-server',
  'valkey-server': 'valkey-server',
} as const;

export type Program = keyof typeof PACKAGES;

export function isOnPath(program: Program): boolean {
  return runs('sh', ['-c', `command -v ${program}`]);
}

/** Installs a Debian package where that is allowed. False, with a line that says so, where the program is not to be had. */
export function isInstalled(program: Program): boolean {
  if (isOnPath(program)) return true;
  const isRoot = process.getuid?.() === 0;
  const install = ['install', '-y', '-qq', '--no-install-recommends', PACKAGES[program]];
  if (isRoot && runs('apt-get', ['update', '-qq']) && runs('apt-get', install)) return true;
  process.stderr.write(`${program} is not installed and cannot be: its tests are skipped\n`);
  return false;
}

function runs(command: string, args: readonly string[]): boolean {
  try {
    // No service of the package is to be started.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    execFileSync(command, args, { stdio: 'ignore', env });
    return true;
  } catch {
    return false;
  }
}
