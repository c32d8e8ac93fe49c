import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCluster } from './cluster.ts';
import { findBinaries, type BinarySource } from './find-binaries.ts';
import { freePort, requireFreePort } from './free-port.ts';
import { keptFolder, sweepAbandoned, temporaryFolder } from './run-folder.ts';
import { ServerProcess, type ServerCommand } from './server-process.ts';
import { serverUser } from './server-user.ts';

export interface EmbeddedPostgresOptions {
  /** The environment of the process: `NODE_ENV` is looked at, and the server is given `PATH` and what Windows needs. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder that keeps the data for the next start. Default: a temporary one, removed by `stop`. */
  readonly dataDir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Server settings by name; the address, the port and the log stay ours. */
  readonly conf?: Readonly<Record<string, string | number>>;
  /** Default `npm`. */
  readonly prefer?: BinarySource;
  /** Whether a commit survives a crash (`fsync` and `synchronous_commit`). Default: when there is a `dataDir`. */
  readonly durable?: boolean;
}

/** A real Postgres of our own on 127.0.0.1, for development and tests. */
export interface EmbeddedPostgres {
  /** With user `postgres`, its password, and the database `postgres`. Stays the same over `restart`. */
  readonly url: string;
  readonly port: number;
  /** Of the server; another one after `restart`. */
  readonly pid: number;
  readonly dataDir: string;
  /** Kills the server with SIGKILL and resolves when it is gone. */
  crash(): Promise<void>;
  /** Starts it again on the same data and port, after `crash` or while it runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Backends of a killed server take a moment to notice, and hold its memory until they do. */
const ORPHANS_TIMEOUT_MS = 10_000;

/** Fails  Error, with what to do about it, when it cannot be started here or must not be */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (options.env['NODE_ENV'] === 'production') {
    throw new Error(
      'the embedded Postgres is for development and tests; in production name a server by its URL',
    );
  }
  const user = serverUser();
  const binaries = findBinaries(options.prefer ?? 'npm', user);
  const port = options.port === undefined ? await freePort() : await requireFreePort(options.port);
  sweepAbandoned();
  const isTemporary = options.dataDir === undefined;
  const folder = isTemporary ? temporaryFolder(user) : keptFolder(resolve(options.dataDir), user);
  const remove = (): void => {
    if (isTemporary) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const durable = options.durable ?? !isTemporary;
    const env = serverEnvironment(options.env);
    const cluster = await openCluster({ folder, binaries, user, env, durable });
    const command = { cluster, binaries, user, env, settings: settingsOf({ ...options, durable }, port) };
    return new RunningPostgres({ command, port, remove }, await ServerProcess.start(command));
  } catch (error) {
    remove();
    throw error;
  }
}

interface Installation {
  readonly command: ServerCommand;
  readonly port: number;
  remove(): void;
}

class RunningPostgres implements EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;

  constructor(
    private readonly installation: Installation,
    private server: ServerProcess,
  ) {
    const { cluster } = installation.command;
    this.port = installation.port;
    this.dataDir = cluster.folder;
    this.url = `postgres://postgres:${cluster.password}@127.0.0.1:${this.port}/postgres`;
  }

  get pid(): number {
    return this.server.pid;
  }

  crash(): Promise<void> {
    return this.server.kill();
  }

  async restart(): Promise<void> {
    await this.server.stop();
    const deadline = Date.now() + ORPHANS_TIMEOUT_MS;
    for (;;) {
      try {
        this.server = await ServerProcess.start(this.installation.command);
        return;
      } catch (error) {
        const orphans = error instanceof Error && error.message.includes('is still in use');
        if (!orphans || Date.now() > deadline) throw error;
      }
      await sleep(50);
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    this.installation.remove();
  }
}

function settingsOf(
  { conf, durable }: Pick<EmbeddedPostgresOptions, 'conf'> & { durable: boolean },
  port: number,
): ServerCommand['settings'] {
  return {
    max_connections: 200,
    shared_buffers: '64MB',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...conf,
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    logging_collector: 'off',
  };
}

/** Nothing else of our environment: it may hold secrets, and `PG...` variables would change the server. */
function serverEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(passed), LC_ALL: 'C', TZ: 'UTC' };
}
