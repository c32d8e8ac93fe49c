import { LedgerBuilder, times } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { ledgerOnRedis } from './ledger-on-redis.ts';

/** Regions that share registrations, keys and the record, each with a ledger of its own. */
(hasRedis() ? describe : describe.skip)('two ledgers side by side', () => {
  const servers: RedisServer[] = [];
  beforeAll(async () => {
    servers.push(await RedisServer.start(), await RedisServer.start());
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  it.each<[string, (databaseUrl: string) => Promise<readonly [LedgerOnDatabase, LedgerOnDatabase]>]>([
    [
      'one in the database and one on Redis',
      async (databaseUrl) => [
        await ledgerOnDatabase(databaseUrl, 2, { name: 'east' }),
        await ledgerOnRedis(servers[0]!.url, 2, { databaseUrl, name: 'west' }),
      ],
    ],
    [
      'two on two Redis',
      async (databaseUrl) => [
        await ledgerOnRedis(servers[0]!.url, 2, { databaseUrl, name: 'east' }),
        await ledgerOnRedis(servers[1]!.url, 2, { databaseUrl, name: 'west' }),
      ],
    ],
    [
      'two on one Redis',
      async (databaseUrl) => [
        await ledgerOnRedis(servers[0]!.url, 2, { databaseUrl, name: 'north' }),
        await ledgerOnRedis(servers[0]!.url, 2, { databaseUrl, name: 'south' }),
      ],
    ],
    [
      'two that were given the same name by mistake',
      async (databaseUrl) => [
        await ledgerOnDatabase(databaseUrl, 2, { name: 'main' }),
        await ledgerOnRedis(servers[0]!.url, 2, { databaseUrl, name: 'main' }),
      ],
    ],
    [
      'two of the same name on two Redis',
      async (databaseUrl) => [
        await ledgerOnRedis(servers[0]!.url, 2, { databaseUrl, name: 'main' }),
        await ledgerOnRedis(servers[1]!.url, 2, { databaseUrl, name: 'main' }),
      ],
    ],
  ])('spend each token in the one that it names, and nowhere else: %s', async (_, open) => {
    const sides = await open((await freshDatabase()).url);
    const [one, other] = [new LedgerBuilder(sides[0]), new LedgerBuilder(sides[1])];
    try {
      for (const [own, foreign] of [
        [one, other],
        [other, one],
      ] as const) {
        const attempt = await own.attempt();
        const away = (turn: number) => foreign.door(turn).spend(attempt, foreign.entry());
        expect(await away(0)).toEqual({ verdict: 'ledger_gone' });
        expect(await foreign.door(0).look(attempt)).toBe('ledger_gone');
        expect(await foreign.door(0).noteMismatch(attempt, foreign.entry())).toMatchObject({ mismatches: 0 });
        const verdicts = await Promise.all(
          times(40, (turn) => (turn % 2 === 0 ? own.door(turn).spend(attempt, own.entry()) : away(turn))),
        );
        const count = (wanted: string): number => verdicts.filter(({ verdict }) => verdict === wanted).length;
        expect([count('spent'), count('already_spent'), count('ledger_gone')]).toEqual([1, 19, 20]);
        expect(await foreign.door(0).spendOf(attempt)).toBeNull();
        expect(await own.door(1).spendOf(attempt)).toMatchObject({ spender: 7 });
      }
    } finally {
      await Promise.all(sides.map((side) => side.close()));
    }
  });

  it('share used ids: what was shown to the one is used at the other', async () => {
    const databaseUrl = (await freshDatabase()).url;
    const east = await ledgerOnDatabase(databaseUrl, 1, { name: 'east' });
    const west = await ledgerOnRedis(servers[0]!.url, 1, { databaseUrl, name: 'west' });
    const a = new LedgerBuilder(west);
    const claim = await a.claim();
    expect(await east.ledgers[0].record(a.entry([claim]))).toEqual({ reused: null });
    expect(await west.ledgers[0].record(a.entry([claim]))).toEqual({ reused: claim });
    await Promise.all([east.close(), west.close()]);
  });
});
