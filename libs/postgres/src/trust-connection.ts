import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { ClockReading } from './database-clock.ts';
import { asRole, type DatabaseRole } from './database-role.ts';
import {
  READ_REVISION,
  READ_TRUST,
  toTrustRows,
  type DecidingRows,
  type RevisionRow,
  type TrustRow,
  type TrustRows,
} from './trust-rows.ts';

/** What a connection tells of itself, unasked. */
export interface TrustConnectionEvents {
  /** The database says that trust, or the key ring, has changed. */
  onTrustChanged(): void;
  onKeysChanged(): void;
  /** The connection is gone, perhaps before it was opened; it is told once, and never for one that was closed. */
  onLost(connection: TrustConnection): void;
}

export interface TrustDatabase {
  readonly url: string;
  readonly applicationName: string;
  /** What the connection may do. Null, the default: all that the user of the URL may. */
  readonly role?: DatabaseRole | null;
}

/** Short enough that a process is back within a second after the database. */
const CONNECT_TIMEOUT_MS = 700;

/** A connection on which no answer comes for this long is given up. */
const ANSWER_TIMEOUT_MS = 2_000;

const GOODBYE_TIMEOUT_MS = 200;

/**
 * One connection that listens and asks: as long as it answers, it also hears. It is not of the pool, so that busy
 * hours do not make trust go stale.
 */
export class TrustConnection {
  private isOver = false;

  private constructor(
    private readonly client: Client,
    private readonly events: TrustConnectionEvents,
  ) {}

  /** Fails  Error of the driver */
  static async open(database: TrustDatabase, events: TrustConnectionEvents): Promise<TrustConnection> {
    const client = new Client({
      connectionString: asRole(database.url, database.role ?? null),
      application_name: database.applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    });
    const connection = new TrustConnection(client, events);
    client.on('notification', ({ channel }) => {
      if (channel === 'oncekey_trust') events.onTrustChanged();
      if (channel === 'oncekey_keys') events.onKeysChanged();
    });
    client.on('error', () => connection.lose());
    client.on('end', () => connection.lose());
    try {
      await client.connect();
      await client.query('LISTEN oncekey_trust; LISTEN oncekey_keys');
    } catch (error) {
      await connection.close();
      throw error;
    }
    return connection;
  }

  /** The revision as it is now, and what the clock said. */
  async readRevision(): Promise<{ revision: string; clock: ClockReading }> {
    const sentAt = performance.now();
    const { rows } = await this.client.query<RevisionRow>(READ_REVISION);
    const receivedAt = performance.now();
    const row = rows[0];
    if (row === undefined) throw new Error('the database holds no trust revision');
    return { revision: row.revision, clock: { sentAt, receivedAt, databaseTime: row.databaseTime } };
  }

  async readTrust(known: DecidingRows): Promise<TrustRows> {
    const values = [known.release?.number ?? null, known.shadow?.id ?? null];
    const { rows } = await this.client.query<TrustRow>({ ...READ_TRUST, values });
    const row = rows[0];
    if (row === undefined) throw new Error('the database holds no trust revision');
    return toTrustRows(row, known);
  }

  /** Silent from here on; what is being waited for fails. Does not wait long for a server that does not answer. */
  async close(): Promise<void> {
    this.isOver = true;
    const goodbye = this.client.end();
    await Promise.race([goodbye, sleep(GOODBYE_TIMEOUT_MS, undefined, { ref: false })]);
  }

  private lose(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.events.onLost(this);
  }
}
