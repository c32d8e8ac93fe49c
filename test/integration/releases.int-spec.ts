import { Unavailable } from '#core';
import { PostgresReleaseStore, ReleaseMoved } from '#postgres';
import { Pool } from 'pg';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { AN_EMPTY_RELEASE } from '../support/trust-fixtures.ts';

describe('published releases', () => {
  let database: FreshDatabase;
  let pool: Pool;
  let store: PostgresReleaseStore;

  beforeEach(async () => {
    database = await freshDatabase();
    pool = new Pool({ connectionString: database.url });
    store = new PostgresReleaseStore(pool);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  it('are numbered from 1, and the last one is live', async () => {
    expect(await store.live()).toBeNull();
    expect(await store.publish(AN_EMPTY_RELEASE, { ifLive: null })).toBe(1);
    expect(await store.publish({ ...AN_EMPTY_RELEASE, message: 'next' }, { ifLive: 1 })).toBe(2);
    expect(await store.live()).toMatchObject({ number: 2, author: 'ada', message: 'next' });
    expect(await store.read(1)).toMatchObject({ number: 1, message: 'a release' });
    expect(await store.read(3)).toBeNull();
    expect(Math.abs(Date.now() - ((await store.live())?.publishedAt ?? 0))).toBeLessThan(60_000);
  });

  it.each([
    { name: 'for the first time where there is one', ifLive: null },
    { name: 'on an older one', ifLive: 1 },
    { name: 'on one that never was', ifLive: 7 },
  ])('are not published $name', async ({ ifLive }) => {
    await store.publish(AN_EMPTY_RELEASE, { ifLive: null });
    await store.publish(AN_EMPTY_RELEASE, { ifLive: 1 });
    const refused = await store.publish(AN_EMPTY_RELEASE, { ifLive }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ReleaseMoved);
    expect(refused).toMatchObject({ live: 2 });
    expect(await store.read(3)).toBeNull();
  });

  it('let exactly one of many racers publish on the same release', async () => {
    for (const ifLive of [null, 1, 2]) {
      const racers = Array.from({ length: 8 }, () =>
        store.publish(AN_EMPTY_RELEASE, { ifLive }).catch((error: unknown) => error),
      );
      const outcomes = await Promise.all(racers);
      expect(outcomes.filter((one) => typeof one === 'number')).toEqual([(ifLive ?? 0) + 1]);
      expect(outcomes.filter((one) => one instanceof ReleaseMoved)).toHaveLength(7);
    }
  });

  it.each([
    'UPDATE release SET message = message',
    'DELETE FROM release',
    'TRUNCATE release CASCADE',
    "SET session_replication_role = 'replica'; DELETE FROM release",
  ])('cannot be changed: %s', async (statement) => {
    await store.publish(AN_EMPTY_RELEASE, { ifLive: null });
    await expect(pool.query(statement)).rejects.toMatchObject({ code: '23001' });
    expect(await store.live()).toMatchObject({ number: 1 });
  });

  it('are unavailable, and not absent, when the database is away', async () => {
    const away = new PostgresReleaseStore(
      new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' }),
    );
    await expect(away.live()).rejects.toBeInstanceOf(Unavailable);
    await expect(away.publish(AN_EMPTY_RELEASE, { ifLive: null })).rejects.toBeInstanceOf(Unavailable);
  });
});
