import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './deployment/free-port.ts';
import { eventually } from './eventually.ts';
import { isInstalled, isOnPath } from './installed.ts';

/** Redis where it is there, else Valkey. */
function program(): 'redis-server' | 'valkey-server' {
  return !isOnPath('redis-server') && isOnPath('valkey-server') ? 'valkey-server' : 'redis-server';
}

/** Is there a server for tests? It is installed where that is allowed. False with a line that says why not. */
export function hasRedis(): boolean {
  return isInstalled(program());
}

/** A server starts when the machine lets it. */
const START_MS = 30_000;

/** A server on a port of 127.0.0.1, which can be killed and started again. */
export class RedisServer {
  private output = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'oncekey-redis-'));
  private child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** `settings`: as in its configuration file. Default: nothing is kept on disk. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), { save: '', appendonly: 'no', ...settings });
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('the server does not run');
    return this.child.pid;
  }

  async start(): Promise<void> {
    const settings = Object.entries({
      ...this.settings,
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.folder,
    });
    const args = settings.flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(program(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream
        .setEncoding('utf8')
        .on('data', (text: string) => (this.output = (this.output + text).slice(-20_000)));
    }
    this.child = child;
    try {
      await eventually(() => this.answers(), START_MS);
    } catch {
      throw new Error(`${program()} does not answer: ${this.output}`);
    }
  }

  /** Ends it with SIGKILL, unless another signal is named. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => void child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    // A process that it forked to rewrite its file may outlive it for a moment.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** Sends one command behind the back of everybody. Fails with the server's error. */
  async command(name: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const client = new Redis(this.port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(name, ...args);
    } finally {
      client.disconnect();
    }
  }

  private async answers(): Promise<boolean> {
    try {
      return (await this.command('PING')) === 'PONG';
    } catch {
      return false;
    }
  }
}
