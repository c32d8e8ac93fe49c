import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/index.ts';

/** Where the databases of one run of the tests are: a server, and the first part of all their names. */
export interface TestRun {
  readonly serverUrl: string;
  readonly prefix: string;
}

export interface FreshDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** Makes the database of which all others are copies: every migration, and no data. */
export async function makeTemplate(serverUrl: string): Promise<TestRun> {
  const run = { serverUrl, prefix: `oncekey_test_${randomBytes(6).toString('hex')}` };
  await asAdmin(run, (admin) => admin.query(`CREATE DATABASE ${templateOf(run)}`));
  const dataSource = new DataSource({
    type: 'postgres',
    url: urlOf(run, templateOf(run)),
    migrations: [...MIGRATIONS],
    migrationsTransactionMode: 'each',
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
  return run;
}

/** A copy of the template that nobody else knows. Takes some tens of milliseconds. */
export async function copyTemplate(run: TestRun): Promise<FreshDatabase> {
  const name = `${run.prefix}_${randomBytes(6).toString('hex')}`;
  await asAdmin(run, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${templateOf(run)}`));
  return { url: urlOf(run, name), drop: () => dropPolitely(run, name) };
}

/** Drops all databases of the run, whoever is still connected. */
export async function dropAll(run: TestRun): Promise<void> {
  await asAdmin(run, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [run.prefix],
    );
    for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  });
}

/** `pool.end()` resolves before its connections are closed: the server waits for those, and cuts only what stays. */
async function dropPolitely(run: TestRun, name: string): Promise<void> {
  await asAdmin(run, async (admin) => {
    try {
      await admin.query(`DROP DATABASE ${name}`);
    } catch {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  });
}

function templateOf({ prefix }: TestRun): string {
  return `${prefix}_template`;
}

function urlOf({ serverUrl }: TestRun, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function asAdmin<Outcome>(run: TestRun, work: (admin: Client) => Promise<Outcome>): Promise<Outcome> {
  const admin = new Client({ connectionString: run.serverUrl, application_name: 'oncekey-tests' });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
