import { chmodSync, chownSync, copyFileSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { eventually } from '../support/eventually.ts';
import { copyData } from './copy-data.ts';

/** A standby copies and connects when the machine lets it. */
const ATTACH_MS = 60_000;

/**
 * Gives a running server a standby, and has it wait for that one with every commit: what is acknowledged is then on
 * both. With an exclusive backup by hand, because the embedded binaries have no `pg_basebackup`.
 */
export async function attachStandby(primary: EmbeddedPostgres): Promise<Standby> {
  const folder = mkdtempSync(join(tmpdir(), 'oncekey-standby-'));
  chmodSync(folder, 0o711);
  const data = join(folder, 'data');
  const name = `standby_${process.pid}_${primary.port}`;
  const admin = await adminOf(primary.url);
  try {
    await admin.query(`SELECT pg_backup_start($1, true)`, [name]);
    copyData(join(primary.dataDir, 'data'), data);
    const { rows } = await admin.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    const { uid, gid } = lstatSync(data);
    for (const [file, text] of [
      ['backup_label', rows[0]?.labelfile ?? ''],
      ['standby.signal', ''],
      // What the server that it was copied from waits for is not what it will wait for.
      ['postgresql.auto.conf', ''],
    ] as const) {
      writeFileSync(join(data, file), text, { mode: 0o600 });
      chownSync(join(data, file), uid, gid);
    }
    copyFileSync(join(primary.dataDir, 'password'), join(folder, 'password'));
    const { password } = new URL(primary.url);
    const server = await startEmbeddedPostgres({
      env: process.env,
      dataDir: folder,
      conf: {
        ...REPLICATED,
        primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres password=${password} application_name=${name}`,
      },
    });
    await waitFor(admin, name, 'async');
    await admin.query(`ALTER SYSTEM SET synchronous_standby_names TO '${name}'`);
    await admin.query('SELECT pg_reload_conf()');
    await waitFor(admin, name, 'sync');
    return new Standby(server, folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await admin.end();
  }
}

/** Settings of a server that may have a standby. */
export const REPLICATED = { wal_keep_size: '256MB', wal_level: 'replica' } as const;

export class Standby {
  constructor(
    readonly server: EmbeddedPostgres,
    private readonly folder: string,
  ) {}

  /** Resolves when it takes writes. */
  async promote(): Promise<void> {
    const admin = await adminOf(this.server.url);
    try {
      const { rows } = await admin.query<{ promoted: boolean }>('SELECT pg_promote(true, 60) AS promoted');
      if (rows[0]?.promoted !== true) throw new Error('the standby was not promoted');
    } finally {
      await admin.end();
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function waitFor(admin: Client, name: string, state: 'async' | 'sync'): Promise<void> {
  await eventually(async () => {
    const { rows } = await admin.query<{ sync_state: string }>(
      `SELECT sync_state FROM pg_stat_replication WHERE application_name = $1 AND state = 'streaming'`,
      [name],
    );
    return rows[0]?.sync_state === state;
  }, ATTACH_MS);
}

async function adminOf(connectionString: string): Promise<Client> {
  const admin = new Client({ connectionString });
  admin.on('error', () => undefined);
  await admin.connect();
  return admin;
}
