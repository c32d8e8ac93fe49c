import type { SpendVerdict } from '#core';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#embedded-postgres';
import { migrate } from '#postgres';
import { LedgerBuilder } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';

/** Whoever set up the database may have told it to answer before anything is on disk. */
describe('a database that commits in its own time', () => {
  let server: EmbeddedPostgres;
  let under: LedgerOnDatabase;
  beforeAll(async () => {
    server = await startEmbeddedPostgres({
      env: process.env,
      durable: true,
      conf: { synchronous_commit: 'off', wal_writer_delay: '10s' },
    });
    await migrate(server.url);
    under = await ledgerOnDatabase(server.url, 1);
  });
  afterAll(async () => {
    await under.close();
    await server.stop();
  });

  const unwritten = async (): Promise<number> => {
    const { rows } = await under.pools[0].query<{ bytes: number }>(
      'SELECT (pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn())::float8 AS bytes',
    );
    return rows[0]!.bytes;
  };

  it('answers others before they are on disk', async () => {
    await under.pools[0].query('CREATE TABLE of_others (id int)');
    await under.pools[0].query('INSERT INTO of_others VALUES (1)');
    expect(await unwritten()).toBeGreaterThan(0);
  });

  it.each(['that goes as foreseen', 'that goes otherwise'])(
    'has a batch on disk before it is answered, one %s',
    async (how) => {
      const a = new LedgerBuilder(under);
      const attempt = await a.attempt();
      if (how !== 'that goes as foreseen') await under.ledgers[0].noteMismatch(attempt, a.entry());
      await under.pools[0].query('INSERT INTO of_others VALUES (1)');
      expect(await under.ledgers[0].spend(attempt, a.entry<SpendVerdict>())).toEqual({ verdict: 'spent' });
      expect(await unwritten()).toBe(0);
    },
  );
});
