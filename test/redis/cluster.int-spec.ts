import { eventually } from '../support/eventually.ts';
import { expectHonest, isKnown } from '../support/expect-honest.ts';
import type { LedgerOnDatabase } from '../support/ledger-on-database.ts';
import { RedisCluster } from '../support/redis-cluster.ts';
import { hasRedis } from '../support/redis-server.ts';
import { TokenLoad } from '../support/token-load.ts';
import { ledgerOnRedis } from './ledger-on-redis.ts';

const SHARDS = 16;
const SLOTS = 16_384;
const SOON_MS = 60_000;

(hasRedis() ? describe : describe.skip)('a ledger on a cluster of three masters', () => {
  let cluster: RedisCluster;
  let under: LedgerOnDatabase;
  beforeAll(async () => {
    cluster = await RedisCluster.start();
    under = await ledgerOnRedis(cluster.url, 2);
  }, 120_000);
  afterAll(async () => {
    await under.close();
    await cluster.stop();
  });

  /** Incarnations that new tokens are given, in turn. */
  const incarnations = (): ReadonlySet<string> =>
    new Set(Array.from({ length: SHARDS }, () => under.ledgers[0].current().incarnation));

  it('has a shard in each sixteenth of the slots, so that masters share them evenly', async () => {
    const masters = [await cluster.aMaster()];
    await eventually(() => incarnations().size === SHARDS, SOON_MS);
    const digits = [...incarnations()].map((incarnation) => Number.parseInt(incarnation.charAt(0), 16));
    expect(new Set(digits).size).toBe(SHARDS);
    for (const master of masters) {
      const keys = await master.command('KEYS', 'oncekey:main:*:incarnation');
      for (const key of Array.isArray(keys) ? keys.map(String) : []) {
        const digit = String(await master.command('HGET', key, 'incarnation')).charAt(0);
        const sixteenth = Math.floor(((await cluster.slotOf(key)) * SHARDS) / SLOTS);
        expect(sixteenth).toBe(Number.parseInt(digit, 16));
      }
    }
  });

  it('honours no token twice and loses no answered event while masters are killed under load', async () => {
    const load = new TokenLoad({ ledgers: under.ledgers, workers: 16, lifeSeconds: 20 });
    for (let kill = 0; kill < 2; kill++) {
      const answered = load.answered;
      await eventually(() => load.answered > answered + 300, SOON_MS);
      const before = incarnations();
      const master = await cluster.aMaster();
      await master.kill();
      // Tokens of the other masters go on meanwhile, and those of the dead one with another incarnation.
      await eventually(
        () => isKnown(under) && incarnations().size === SHARDS && !same(before, incarnations()),
        SOON_MS,
      );
      await master.start();
      await cluster.whole();
    }
    const report = await load.stop();
    await expectHonest(under, report);
    expect(report.verdicts['ledger_gone']).toBeGreaterThan(0);
  }, 180_000);
});

function same(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].every((value) => other.has(value));
}
