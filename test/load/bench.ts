import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { copyTemplate, makeTemplate, type TestRun } from '../support/test-databases.ts';
import { Deployments } from './deployments.ts';
import type { BenchOptions } from './options.ts';

/** What every section measures on. */
export interface Bench {
  readonly options: BenchOptions;
  /** One server for all sections, with fsync on; each has databases of its own. */
  readonly postgres: EmbeddedPostgres;
  readonly postgresVersion: string;
  readonly say: (line: string) => void;
  readonly deployments: Deployments;
  /** Runs `work` on a new database with every migration, which is dropped afterwards. */
  readonly onDatabase: <Outcome>(work: (url: string) => Promise<Outcome>) => Promise<Outcome>;
}

/** Several brokers with a pool each, and whoever looks at what they do. */
const MAX_CONNECTIONS = 300;

/**
 * As whoever runs a database for this sets it: what is in use is in memory, a checkpoint is no daily event, and a
 * gigabyte of log files is used again and again.
 */
const SIZED = { shared_buffers: '1GB', min_wal_size: '1GB', max_wal_size: '4GB' };

/** Of 16 MB each, as many as that. */
const LOG_FILES = 64;

export async function withBench<Outcome>(
  options: BenchOptions,
  work: (bench: Bench) => Promise<Outcome>,
): Promise<Outcome> {
  const conf = { max_connections: MAX_CONNECTIONS, ...SIZED };
  const postgres = await startEmbeddedPostgres({ env: process.env, durable: true, conf });
  try {
    const run = await makeTemplate(postgres.url);
    if (!options.smoke) await makeLogFiles(postgres.url);
    const deployments = new Deployments(() => copyTemplate(run), options.smoke);
    try {
      return await work({
        options,
        postgres,
        postgresVersion: await versionOf(postgres.url),
        say: (line) => void process.stdout.write(`${line}\n`),
        deployments,
        onDatabase: (use) => onDatabase(run, use),
      });
    } finally {
      await deployments.stop();
    }
  } finally {
    await postgres.stop();
  }
}

/** A server that has run for a while does not make log files while somebody waits: it takes those that it has. */
async function makeLogFiles(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const fill = `SELECT pg_logical_emit_message(false, 'bench', repeat('x', ${2 ** 24}))`;
    for (let made = 0; made < LOG_FILES; made++) await client.query(fill);
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}

async function onDatabase<Outcome>(run: TestRun, use: (url: string) => Promise<Outcome>): Promise<Outcome> {
  const { url, drop } = await copyTemplate(run);
  try {
    return await use(url);
  } finally {
    await drop();
  }
}

async function versionOf(url: string): Promise<string> {
  const { rows } = await withClient(url, (client) => client.query<{ version: string }>(VERSION));
  return rows[0]?.version ?? '';
}

/** A connection for one piece of work. */
async function withClient<Outcome>(
  url: string,
  work: (client: Client) => Promise<Outcome>,
): Promise<Outcome> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const VERSION = `SELECT current_setting('server_version') AS version`;
