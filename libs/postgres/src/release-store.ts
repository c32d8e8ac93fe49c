import type { EpochMs, ReleaseDocument } from '#core';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './in-transaction.ts';
import { orUnavailable } from './or-unavailable.ts';

export interface StoredRelease {
  readonly number: number;
  readonly document: ReleaseDocument;
  readonly author: string;
  readonly message: string;
  readonly publishedAt: EpochMs;
}

export type NewRelease = Pick<StoredRelease, 'document' | 'author' | 'message'> & {
  /** The release whose content it brings back; by default none. */
  readonly rollbackOf?: number | null;
};

/** Somebody published in between: what was live when the release was made is not live any more. */
export class ReleaseMoved extends Error {
  override readonly name = 'ReleaseMoved';

  constructor(readonly live: number | null) {
    super(live === null ? 'no release is live' : `release ${live} is live`);
  }
}

const CANNOT_PUBLISH = 'release cannot be published';
const COLUMNS = `number, document, author, message, published_at AS "publishedAt"`;

/** Each method fails with Unavailable. */
export class PostgresReleaseStore {
  constructor(private readonly pool: Pool) {}

  /**
   * Stores a release and makes it the live one, provided that `ifLive` still is; null stands for none.
   *
   * Fails  ReleaseMoved, and nothing has changed
   */
  publish(release: NewRelease, { ifLive }: { ifLive: number | null }): Promise<number> {
    return inTransaction(this.pool, CANNOT_PUBLISH, (connection) => publishIn(connection, release, ifLive));
  }

  live(): Promise<StoredRelease | null> {
    return this.find(`SELECT ${COLUMNS} FROM release JOIN live_release USING (number)`, []);
  }

  read(number: number): Promise<StoredRelease | null> {
    return this.find(`SELECT ${COLUMNS} FROM release WHERE number = $1`, [number]);
  }

  private find(text: string, values: number[]): Promise<StoredRelease | null> {
    return orUnavailable('release cannot be read', async () => {
      const { rows } = await this.pool.query<Omit<StoredRelease, 'publishedAt'> & { publishedAt: Date }>(
        text,
        values,
      );
      const row = rows[0];
      return row === undefined ? null : { ...row, publishedAt: row.publishedAt.getTime() };
    });
  }
}

/** As `publish`, within a transaction that is open already. */
export async function publishIn(
  connection: PoolClient,
  release: NewRelease,
  ifLive: number | null,
): Promise<number> {
  const live = await lockLiveRelease(connection);
  if (live !== ifLive) throw new ReleaseMoved(live);
  return makeLive(connection, release);
}

/** The number of the live release. From here to the end of the transaction nobody else publishes; readers are not held up. Fails  Unavailable */
export function lockLiveRelease(connection: PoolClient): Promise<number | null> {
  return orUnavailable(CANNOT_PUBLISH, async () => {
    await connection.query('LOCK TABLE live_release IN SHARE ROW EXCLUSIVE MODE');
    const { rows } = await connection.query<{ number: number }>('SELECT number FROM live_release');
    return rows[0]?.number ?? null;
  });
}

/** Stores a release under the next number and makes it live. After `lockLiveRelease`. Fails  Unavailable */
export function makeLive(
  connection: PoolClient,
  { document, author, message, rollbackOf = null }: NewRelease,
): Promise<number> {
  return orUnavailable(CANNOT_PUBLISH, async () => {
    const { rows } = await connection.query<{ number: number }>(
      `INSERT INTO release (number, document, author, message, rollback_of)
       SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4 FROM release
       RETURNING number`,
      [JSON.stringify(document), author, message, rollbackOf],
    );
    const made = rows[0];
    if (made === undefined) throw new Error('a release was inserted and no number came back');
    await connection.query(
      `INSERT INTO live_release (number) VALUES ($1)
       ON CONFLICT (singleton) DO UPDATE SET number = excluded.number`,
      [made.number],
    );
    return made.number;
  });
}
