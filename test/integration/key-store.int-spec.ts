import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable, type StoredKey } from '#core';
import { PostgresKeyStore } from '#postgres';
import { Pool } from 'pg';

const aKey = (kid: string, activeFrom = 2_000): StoredKey => ({
  kid,
  use: 'seal',
  createdAt: 1_000,
  activeFrom,
  sealedJwk: `sealed ${kid}`,
});

describe('the key ring at rest', () => {
  const pool = new Pool({ connectionString: process.env['DATABASE_URL'] ?? '', statement_timeout: 2_000 });
  const store = new PostgresKeyStore(pool);

  beforeEach(() => pool.query('TRUNCATE key_ring'));
  afterAll(() => pool.end());

  it('gives back what was added, by the time of its use', async () => {
    await store.exclusively(async (ring) => {
      await ring.add(aKey('b', 3_000));
      await ring.add(aKey('a', 2_000));
      expect(await ring.list()).toEqual([aKey('a', 2_000), aKey('b', 3_000)]);
    });
    expect(await store.list()).toEqual([aKey('a', 2_000), aKey('b', 3_000)]);
    await store.exclusively((ring) => ring.remove('a'));
    expect(await store.list()).toEqual([aKey('b', 3_000)]);
  });

  it('changes as a whole or not at all, and passes on what the work threw', async () => {
    await store.exclusively((ring) => ring.add(aKey('a')));
    const thrown = new Error('of the work');
    const work = store.exclusively(async (ring) => {
      await ring.add(aKey('b'));
      await ring.remove('a');
      throw thrown;
    });
    await expect(work).rejects.toBe(thrown);
    expect(await store.list()).toEqual([aKey('a')]);
  });

  it('does not take a swallowed failure for a success', async () => {
    const work = store.exclusively(async (ring) => {
      await ring.add(aKey('a'));
      await ring.add(aKey('a')).catch(() => undefined);
    });
    await expect(work).rejects.toBeInstanceOf(Unavailable);
    expect(await store.list()).toEqual([]);
  });

  it('lets one work at a time: of many who make a missing key, one does', async () => {
    let atWork = 0;
    await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        store.exclusively(async (ring) => {
          expect(++atWork).toBe(1);
          if ((await ring.list()).length === 0) await ring.add(aKey(`key-${at}`));
          await sleep(10);
          atWork--;
        }),
      ),
    );
    expect(await store.list()).toHaveLength(1);
  });

  it('is unavailable, and not empty, when the database is away', async () => {
    const away = new PostgresKeyStore(new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' }));
    await expect(away.list()).rejects.toBeInstanceOf(Unavailable);
    await expect(away.exclusively(() => Promise.resolve())).rejects.toBeInstanceOf(Unavailable);
  });
});
