import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#embedded-postgres';
import { Client } from 'pg';

const env = { PATH: process.env['PATH'] };

async function ask(url: string, text: string): Promise<Record<string, unknown> | undefined> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows[0];
  } finally {
    await client.end();
  }
}

describe('the embedded Postgres', () => {
  const folders: string[] = [];
  const servers: EmbeddedPostgres[] = [];

  const aFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'oncekey-embedded-test-'));
    // Where root runs the tests another user runs the server.
    chmodSync(folder, 0o755);
    folders.push(folder);
    return join(folder, 'kept');
  };
  const start: typeof startEmbeddedPostgres = async (options) => {
    const server = await startEmbeddedPostgres(options);
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it('listens on the loopback address only, and asks for a password that it does not send', async () => {
    const { url, port } = await start({ env, conf: { listen_addresses: '*', work_mem: '3MB' } });
    expect(
      await ask(
        url,
        `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
                current_setting('work_mem') AS work_mem, current_setting('port')::int AS port,
                (SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules) AS methods`,
      ),
    ).toEqual({ addresses: '127.0.0.1', sockets: '', work_mem: '3MB', port, methods: 'scram-sha-256' });
    const stranger = new URL(url);
    stranger.password = 'guess';
    await expect(ask(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps nothing of our environment but what it needs', async () => {
    const { url } = await start({ env: { ...env, ONCEKEY_KEK: 'secret', PGOPTIONS: '-c work_mem=1MB' } });
    const seen = await ask(
      url,
      "SELECT current_setting('work_mem') AS work_mem, encode(pg_read_binary_file('/proc/self/environ'), 'escape') AS env",
    );
    expect(seen?.['work_mem']).toBe('4MB');
    expect(seen?.['env']).not.toContain('secret');
  });

  it('finds its data again with the second start in a kept folder, under the same password', async () => {
    const dataDir = aFolder();
    const first = await start({ env, dataDir });
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start({ env, dataDir, port: first.port });
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, "SELECT answer, current_setting('fsync') AS fsync FROM kept")).toEqual({
      answer: 42,
      fsync: 'on',
    });
  });

  it('comes back on the same data and port after kill -9, with everything that was committed', async () => {
    const server = await start({ env, durable: true });
    await ask(server.url, 'CREATE TABLE kept (n int)');
    await ask(server.url, 'CREATE UNLOGGED TABLE lost (n int)');
    for (let kill = 1; kill <= 3; kill++) {
      const { pid } = server;
      for (const table of ['kept', 'lost']) await ask(server.url, `INSERT INTO ${table} VALUES (${kill})`);
      await server.crash();
      await expect(ask(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await server.restart();
      expect(server.pid).not.toBe(pid);
      expect(
        await ask(
          server.url,
          'SELECT (SELECT count(*)::int FROM kept) AS kept, (SELECT count(*)::int FROM lost) AS lost',
        ),
      ).toEqual({ kept: kill, lost: 0 });
    }
  });

  it('runs the Postgres of the system where that is preferred and there is one', async () => {
    const { url } = await start({ env, prefer: 'system' });
    expect(await ask(url, "SELECT current_setting('server_version_num')::int >= 150000 AS isRecent")).toEqual(
      {
        isrecent: true,
      },
    );
  });

  it('says what is wrong and what to do when it must not or cannot start', async () => {
    await expect(start({ env: { ...env, NODE_ENV: 'production' } })).rejects.toThrow(
      /in production name a server/,
    );

    const dataDir = aFolder();
    const running = await start({ env, dataDir });
    await expect(start({ env, port: running.port })).rejects.toThrow(/port \d+ of 127.0.0.1 is taken/);
    await expect(start({ env, dataDir })).rejects.toThrow(/Postgres did not start[^]*postmaster.pid/);
    await expect(start({ env, conf: { shared_buffers: 'much' } })).rejects.toThrow(
      /invalid value for parameter/,
    );
    expect(await ask(running.url, 'SELECT 1 AS alive')).toEqual({ alive: 1 });
  });
});
