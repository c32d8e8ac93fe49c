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

export type NewRelease = Pick<StoredRelease, 'document' | 'author' | 'message'>;

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
  const live = await orUnavailable(CANNOT_PUBLISH, () => lockLive(connection));
  if (live !== ifLive) throw new ReleaseMoved(live);
  return orUnavailable(CANNOT_PUBLISH, () => makeLive(connection, release));
}

/** From here to the end of the transaction nobody else publishes; readers are not held up. */
async function lockLive(connection: PoolClient): Promise<number | null> {
  await connection.query('LOCK TABLE live_release IN SHARE ROW EXCLUSIVE MODE');
  const { rows } = await connection.query<{ number: number }>('SELECT number FROM live_release');
  return rows[0]?.number ?? null;
}

async function makeLive(connection: PoolClient, { document, author, message }: NewRelease): Promise<number> {
  const { rows } = await connection.query<{ number: number }>(
    `INSERT INTO release (number, document, author, message)
     SELECT coalesce(max(number), 0) + 1, $1, $2, $3 FROM release
     RETURNING number`,
    [JSON.stringify(document), author, message],
  );
  const made = rows[0];
  if (made === undefined) throw new Error('a release was inserted and no number came back');
  await connection.query(
    `INSERT INTO live_release (number) VALUES ($1)
     ON CONFLICT (singleton) DO UPDATE SET number = excluded.number`,
    [made.number],
  );
  return made.number;
}
