import type { ExclusiveKeyStore, KeyStore, StoredKey } from '#core';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './in-transaction.ts';
import { orUnavailable } from './or-unavailable.ts';

const LIST = {
  name: 'key-ring-list',
  text: `
    SELECT kid, use, created_at AS "createdAt", active_from AS "activeFrom", sealed_jwk AS "sealedJwk"
      FROM key_ring ORDER BY active_from, kid`,
};

/** Held by whoever changes the ring; its name is its own, so that migrations and rotations do not wait for each other. */
const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('oncekey.key_ring', 0))";

export class PostgresKeyStore implements KeyStore {
  constructor(private readonly pool: Pool) {}

  list(): Promise<readonly StoredKey[]> {
    return orUnavailable('key ring cannot be read', () => listKeys(this.pool));
  }

  exclusively(work: (ring: ExclusiveKeyStore) => Promise<void>): Promise<void> {
    const what = 'key ring cannot be changed';
    return inTransaction(this.pool, what, async (connection) => {
      await orUnavailable(what, () => connection.query(LOCK));
      await work(new LockedKeyRing(connection));
    });
  }
}

class LockedKeyRing implements ExclusiveKeyStore {
  constructor(private readonly connection: PoolClient) {}

  list(): Promise<readonly StoredKey[]> {
    return orUnavailable('key ring cannot be read', () => listKeys(this.connection));
  }

  add({ kid, use, createdAt, activeFrom, sealedJwk }: StoredKey): Promise<void> {
    return orUnavailable('key cannot be stored', async () => {
      await this.connection.query(
        'INSERT INTO key_ring (kid, use, created_at, active_from, sealed_jwk) VALUES ($1, $2, $3, $4, $5)',
        [kid, use, new Date(createdAt), new Date(activeFrom), sealedJwk],
      );
    });
  }

  remove(kid: string): Promise<void> {
    return orUnavailable('key cannot be removed', async () => {
      await this.connection.query('DELETE FROM key_ring WHERE kid = $1', [kid]);
    });
  }
}

type KeyRow = Omit<StoredKey, 'createdAt' | 'activeFrom'> & { createdAt: Date; activeFrom: Date };

async function listKeys(connection: Pool | PoolClient): Promise<readonly StoredKey[]> {
  const { rows } = await connection.query<KeyRow>(LIST);
  return rows.map(({ createdAt, activeFrom, ...key }) => ({
    ...key,
    createdAt: createdAt.getTime(),
    activeFrom: activeFrom.getTime(),
  }));
}
