import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { programRoot } from './bundled-programs.ts';
import { eventually } from './eventually.ts';

/** On a busy machine. */
export const START_MS = 90_000;

/** What a command said and how it ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real quickstart, on ports and in a folder of its own. */
export class QuickstartProcess {
  readonly folder = join(mkdtempSync(join(tmpdir(), 'oncekey-quickstart-test-')), 'quickstart');
  private child: ChildProcess | null = null;
  private said = '';

  private constructor(
    readonly ports: readonly [number, number, number, number],
    private readonly root: string,
  ) {}

  static async onFreePorts(root = programRoot()): Promise<QuickstartProcess> {
    const [a, b, c, d] = await freePorts(4);
    return new QuickstartProcess([a ?? 0, b ?? 0, c ?? 0, d ?? 0], root);
  }

  /** File by file, as `npm start` runs it after its build. */
  static asUsersRunIt(): Promise<QuickstartProcess> {
    return QuickstartProcess.onFreePorts(resolve('.'));
  }

  get output(): string {
    return this.said;
  }

  /** Starts it and resolves with its exit code when it ends. */
  run(): Promise<number | null> {
    const [broker, admin, identityProvider, orders] = this.ports.map(String);
    const flags = ['--broker-port', broker, '--admin-port', admin];
    const more = ['--identity-provider-port', identityProvider, '--orders-port', orders];
    const args = [join(this.root, 'dist/apps/quickstart/src/main.js'), ...flags, ...more].map(String);
    this.said = '';
    const child = spawn(process.execPath, args, {
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.said += chunk.toString('utf8')));
    }
    return new Promise((resolve) => child.once('close', resolve));
  }

  /** Starts it, and waits until all of it is up. `ended`: as `run`. Fails  Error with what it said when it ends before */
  async start(): Promise<{ ended: Promise<number | null> }> {
    const ended = this.run();
    let isOver = false;
    void ended.then(() => (isOver = true));
    await eventually(() => isOver || this.output.includes('Ctrl-C stops everything'), START_MS);
    if (isOver) throw new Error(`it did not start:\n${this.output}`);
    return { ended };
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** It and everything that it started, children of children included. */
  processes(): readonly number[] {
    const pid = this.child?.pid;
    return pid === undefined ? [] : [pid, ...descendantsOf(pid)];
  }

  /** Runs the `oncekey` command beside it. */
  oncekey(...args: string[]): Promise<Ended> {
    return this.node('apps/cli/bin/oncekey.js', ...args);
  }

  node(script: string, ...args: string[]): Promise<Ended> {
    return this.started(script, ...args).ended;
  }

  /** A command that has begun, for whoever wants to do something to it meanwhile. */
  started(script: string, ...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    let end: (ended: Ended) => void;
    const ended = new Promise<Ended>((resolve) => (end = resolve));
    const child = execFile(
      process.execPath,
      [join(this.root, script), ...args],
      { env: this.environment() },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        end({ exitCode, stdout, stderr });
      },
    );
    return { child, ended };
  }

  /** Of commands beside it. Whoever runs the tests may have a profile: it is not used. */
  environment(): NodeJS.ProcessEnv {
    const { DATABASE_URL: _ours, NODE_ENV: _test, NODE_OPTIONS: _flags, ...others } = process.env;
    const home = join(dirname(this.folder), 'home');
    return { ...others, ONCEKEY_QUICKSTART_DIR: this.folder, ONCEKEY_HOME: home, NO_COLOR: '1' };
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** A process that ended and that nobody has asked about yet is not running any more. */
function isZombie(pid: number): boolean {
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .trim()
      .startsWith('Z');
  } catch {
    return true;
  }
}

function descendantsOf(pid: number): readonly number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=']).toString().trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const children = pairs.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
