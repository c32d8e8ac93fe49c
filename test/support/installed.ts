import { execFileSync } from 'node:child_process';

/** Programs that tests know how to get, and the Debian packages that they are in. */
const PACKAGES = {
  nginx: 'nginx',
  haproxy: 'haproxy',
  caddy: 'caddy',
  apache2: 'apache2',
  chromium: 'chromium',
  'redis-server': 'redis-server',
  'valkey-server': 'valkey-server',
} as const;

export type Program = keyof typeof PACKAGES;

/** Debian packages of modules, which are on no path. */
export type ModulePackage = 'libapache2-mod-oauth2' | 'libapache2-mod-auth-openidc' | 'libnginx-mod-http-lua';

export function isOnPath(program: Program): boolean {
  return runs('sh', ['-c', `command -v ${program}`]);
}

/**
 * Installs a Debian package, and that of a module, where that is allowed. False, with a line that says so, where they
 * are not to be had.
 */
export function isInstalled(program: Program, module?: ModulePackage): boolean {
  if (isOnPath(program) && (module === undefined || runs('dpkg', ['-s', module]))) return true;
  const isRoot = process.getuid?.() === 0;
  const packages = [PACKAGES[program], ...(module === undefined ? [] : [module])];
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  if (isRoot && runs('apt-get', ['update', '-qq']) && runs('apt-get', install)) return true;
  process.stderr.write(`${packages.join(' with ')} is not installed and cannot be: its tests are skipped\n`);
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
