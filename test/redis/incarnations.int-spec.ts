import type { SpendAttempt } from '#core';
import { LedgerBuilder } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { eventually } from '../support/eventually.ts';
import { isKnown } from '../support/expect-honest.ts';
import type { LedgerOnDatabase } from '../support/ledger-on-database.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { ledgerOnRedis } from './ledger-on-redis.ts';

/** Longer than any of it takes on a machine that does other things too. */
const SOON_MS = 20_000;

/** As durable as a Redis can be: it does not matter. */
const KEPT = { appendonly: 'yes', appendfsync: 'always' };
/** Replicas are served at once. */
const PROMPT = { 'repl-diskless-sync-delay': '0' };

const incarnationOf = ({ ledgers: [ledger] }: LedgerOnDatabase): string => ledger.current().incarnation;

async function follow(replica: RedisServer, master: RedisServer): Promise<void> {
  await replica.command('REPLICAOF', '127.0.0.1', master.port);
  const isUp = async (): Promise<boolean> =>
    String(await replica.command('INFO', 'replication')).includes('master_link_status:up');
  await eventually(isUp, SOON_MS);
}

/** An unspent token of an incarnation that has arrived at the replica: its first replica gives a master another one. */
async function attemptHeldBy(replica: RedisServer, under: LedgerOnDatabase): Promise<SpendAttempt> {
  const a = new LedgerBuilder(under);
  const isHeld = async (): Promise<boolean> => {
    const [ledger] = under.ledgers;
    const probe = isKnown(under) ? await ledger.spend(await a.attempt(), a.entry()) : null;
    if (probe?.verdict !== 'spent') return false;
    const held = await replica.command('HGET', 'oncekey:main:{18}:incarnation', 'incarnation');
    return under.ledgers.every((one) => one.current().incarnation === held);
  };
  await eventually(isHeld, SOON_MS);
  return a.attempt();
}

(hasRedis() ? describe : describe.skip)('an incarnation on Redis ends', () => {
  let server: RedisServer;
  let replica: RedisServer | null = null;
  let under: LedgerOnDatabase;
  beforeEach(async () => {
    server = await RedisServer.start({ ...KEPT, ...PROMPT });
    under = await ledgerOnRedis(server.url, 2);
  });
  afterEach(async () => {
    await under.close();
    await server.stop();
    await replica?.stop();
    replica = null;
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      'when the server is killed, though it wrote everything to disk',
      async () => {
        await server.kill();
        await server.start();
      },
    ],
    [
      'with an orderly restart',
      async () => {
        await server.kill('SIGTERM');
        await server.start();
      },
    ],
    ['when everything is deleted', () => server.command('FLUSHALL')],
    [
      'when a bucket is deleted or evicted',
      async () => {
        const keys = await server.command('KEYS', '*:spent:*');
        for (const key of Array.isArray(keys) ? keys : []) await server.command('DEL', String(key));
      },
    ],
    [
      'when the server becomes a replica and a master again',
      async () => {
        replica = await RedisServer.start(PROMPT);
        await follow(server, replica);
        await server.command('REPLICAOF', 'NO', 'ONE');
      },
    ],
  ])('%s', async (_, end) => {
    const a = new LedgerBuilder(under);
    const [spent, unspent] = [await a.attempt(), await a.attempt()];
    expect(await under.ledgers[0].spend(spent, a.entry())).toEqual({ verdict: 'spent' });
    await end();
    for (const attempt of [spent, unspent]) {
      // Until the connection is back nobody knows; then it is gone, whichever broker is asked.
      const heard: string[] = [];
      await eventually(async () => {
        const verdict = await under.ledgers[1]!.spend(attempt, a.entry()).then(
          (one) => one.verdict,
          () => 'unknown',
        );
        if (verdict !== 'unknown') heard.push(verdict);
        return heard.length > 2;
      }, SOON_MS);
      expect(new Set(heard)).toEqual(new Set(['ledger_gone']));
    }
    await eventually(() => isKnown(under) && incarnationOf(under) !== spent.incarnation, SOON_MS);
    expect(await under.ledgers[0].spend(await a.attempt(), a.entry())).toEqual({ verdict: 'spent' });
  });

  it('when a replica is promoted that lacks what was spent last', async () => {
    replica = await RedisServer.start(PROMPT);
    await follow(replica, server);
    const a = new LedgerBuilder(under);
    const attempt = await attemptHeldBy(replica, under);
    await replica.command('REPLICAOF', 'NO', 'ONE');
    expect(await under.ledgers[0].spend(attempt, a.entry())).toEqual({ verdict: 'spent' });
    const promoted = await ledgerOnRedis(replica.url, 1);
    const b = new LedgerBuilder(promoted);
    // Split brain: both serve. A token of the one is never one of the other.
    expect(await promoted.ledgers[0].spend(attempt, b.entry())).toEqual({ verdict: 'ledger_gone' });
    expect(await under.ledgers[0].spend(await b.attempt(), a.entry())).toEqual({ verdict: 'ledger_gone' });
    await promoted.close();
  });

  it('when a master that was replaced is put back before anybody used the one that replaced it', async () => {
    replica = await RedisServer.start(PROMPT);
    await follow(replica, server);
    const a = new LedgerBuilder(under);
    const attempt = await attemptHeldBy(replica, under);
    await replica.command('REPLICAOF', 'NO', 'ONE');
    expect(await under.ledgers[0].spend(attempt, a.entry())).toEqual({ verdict: 'spent' });
    await follow(server, replica);
    await server.command('REPLICAOF', 'NO', 'ONE');
    // It holds the same incarnation as before, as the replica knew it, and not what was spent.
    await eventually(() => isKnown(under), SOON_MS);
    expect(await under.ledgers[0].spend(attempt, a.entry())).toEqual({ verdict: 'ledger_gone' });
  });

  it('not while nothing happens to the server', async () => {
    const a = new LedgerBuilder(under);
    const attempt = await a.attempt();
    await server.command('CONFIG', 'SET', 'maxmemory', '100mb');
    await server.command('SCRIPT', 'FLUSH');
    expect(await under.ledgers[0].spend(attempt, a.entry())).toEqual({ verdict: 'spent' });
    expect(await under.ledgers[1]!.spend(attempt, a.entry())).toEqual({ verdict: 'already_spent' });
    expect(under.ledgers.map((ledger) => ledger.current().incarnation)).toEqual(
      Array(2).fill(attempt.incarnation),
    );
  });
});
