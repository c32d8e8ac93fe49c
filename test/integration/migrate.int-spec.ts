import { migrate, oncekeyDataSource, poolOf } from '#postgres';
import { Client } from 'pg';
import { MIGRATIONS } from '../../migrations/index.ts';
import { endOf, startTypescript } from '../support/typescript-process.ts';

const NAMES = MIGRATIONS.map(({ name }) => name);

describe('migrations', () => {
  const server = process.env['ONCEKEY_TEST_SERVER_URL'] ?? '';
  let name: string;
  let url: string;

  async function onServer(text: string): Promise<void> {
    const admin = new Client({ connectionString: server });
    await admin.connect();
    try {
      await admin.query(text);
    } finally {
      await admin.end();
    }
  }

  beforeEach(async () => {
    name = `${process.env['ONCEKEY_TEST_DATABASE_PREFIX']}_empty_${Date.now().toString(36)}`;
    await onServer(`CREATE DATABASE ${name}`);
    const place = new URL(server);
    place.pathname = `/${name}`;
    url = place.href;
  });
  afterEach(() => onServer(`DROP DATABASE ${name} WITH (FORCE)`));

  it('run in their order, once', async () => {
    expect(await migrate(url)).toEqual(NAMES);
    expect(await migrate(url)).toEqual([]);
    expect(NAMES.toSorted((a, b) => a.slice(-13).localeCompare(b.slice(-13)))).toEqual(NAMES);
  });

  it('run once when three processes start together', async () => {
    const source = `
      const ran = await load('./libs/postgres/src/migrate.ts').migrate(${JSON.stringify(url)});
      console.log(JSON.stringify(ran));`;
    const ended = await Promise.all([1, 2, 3].map(() => endOf(startTypescript(source))));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    const ran = ended.map(({ said }) => JSON.parse(said.split('\n').at(-1) ?? '') as string[]);
    expect(ran.toSorted((a, b) => a.length - b.length)).toEqual([[], [], NAMES]);
  });

  it('run once when five callers race inside of one process', async () => {
    const ran = await Promise.all([1, 2, 3, 4, 5].map(() => migrate(url)));
    expect(ran.flat()).toEqual(NAMES);
  });
});

describe('the data source', () => {
  it('reaches the server with its time limits and its name', async () => {
    const dataSource = oncekeyDataSource({
      url: process.env['DATABASE_URL'] ?? '',
      poolSize: 1,
      applicationName: 'limits',
    });
    expect(() => poolOf(dataSource)).toThrow(/no Postgres pool/);
    await dataSource.initialize();
    const pool = poolOf(dataSource);
    const { rows } = await pool.query(`
      SELECT current_setting('statement_timeout') AS timeout, current_setting('application_name') AS name`);
    expect(rows).toEqual([{ timeout: '2s', name: 'limits' }]);
    await expect(pool.query('SELECT pg_sleep(10)')).rejects.toMatchObject({ code: '57014' });
    await dataSource.destroy();
  });
});
