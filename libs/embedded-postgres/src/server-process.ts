import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { ServerUser } from './server-user.ts';

export interface ServerCommand {
  readonly cluster: Cluster;
  readonly binaries: string;
  readonly user: ServerUser | null;
  readonly env: NodeJS.ProcessEnv;
  readonly settings: Readonly<Record<string, string | number>>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const SETPRIV = '/usr/bin/setpriv';

/** A server that answers. It does not keep this process alive. */
export class ServerProcess {
  private readonly endWithUs = (): void => void this.child.kill('SIGINT');

  private constructor(
    readonly pid: number,
    private readonly child: ChildProcess,
  ) {
    process.once('exit', this.endWithUs);
    child.once('close', () => process.off('exit', this.endWithUs));
    child.unref();
  }

  /** Fails  Error with the end of the server's log when it does not come up */
  static async start(command: ServerCommand): Promise<ServerProcess> {
    const child = launch(command);
    // Without a listener a failed launch would throw from nowhere; below it is seen as the missing pid.
    child.once('error', () => undefined);
    const { pid } = child;
    if (pid === undefined) throw new Error(`${command.binaries}/postgres does not run on this system`);
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!isReady(command.cluster, pid)) {
      if (hasEnded(child)) throw new Error(`Postgres did not start\n${endOfLog(command.cluster)}`);
      if (Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`Postgres was not ready within ${START_TIMEOUT_MS} ms\n${endOfLog(command.cluster)}`);
      }
      await sleep(10);
    }
    return new ServerProcess(pid, child);
  }

  /** Ends the server: connections are cut, data is written. One that does not obey is killed. */
  async stop(): Promise<void> {
    const overdue = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.end('SIGINT');
    clearTimeout(overdue);
  }

  /** Kills the server as a crash of the machine would: nothing is written, nobody is told. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  private end(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    if (hasEnded(this.child)) return Promise.resolve();
    return new Promise((resolve) => {
      this.child.ref();
      this.child.once('close', () => resolve());
      this.child.kill(signal);
    });
  }
}

/**
 * Its own process group, so that Ctrl-C reaches us and not the server. Where there is `setpriv` the kernel ends the
 * server when this process dies, even of SIGKILL.
 */
function launch({ cluster, binaries, user, env, settings }: ServerCommand): ChildProcess {
  const program = join(binaries, 'postgres');
  const args = [
    '-D',
    cluster.data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  // A new file, in case a server that still runs writes into the old one.
  rmSync(logFile(cluster), { force: true });
  const log = openSync(logFile(cluster), 'a', 0o600);
  const options = {
    cwd: cluster.folder,
    env,
    detached: platform() !== 'win32',
    stdio: ['ignore', log, log] satisfies ['ignore', number, number],
  };
  try {
    if (platform() === 'linux' && existsSync(SETPRIV)) {
      const drop = user === null ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
      return spawn(SETPRIV, [...drop, '--pdeathsig=INT', program, ...args], options);
    }
    return spawn(program, args, user === null ? options : { ...options, uid: user.uid, gid: user.gid });
  } finally {
    closeSync(log);
  }
}

/** The server itself writes its state into the eighth line of its pid file; a standby answers too. */
function isReady({ data }: Cluster, pid: number): boolean {
  const lines = pidFile(data)?.split('\n') ?? [];
  return lines[0] === String(pid) && ['ready', 'standby'].includes(lines[7]?.trim() ?? '');
}

/** Null where there is none. A server that starts after a crash takes the old one away before it writes its own. */
function pidFile(data: string): string | null {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
      return null;
    throw error;
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function logFile({ folder }: Cluster): string {
  return join(folder, 'server.log');
}

function endOfLog(cluster: Cluster): string {
  return readFileSync(logFile(cluster), 'utf8').slice(-4096).trim();
}
