import { describeJournal } from '../../libs/testing/src/contracts/journal.contract.ts';
import { describeRevocationLedger } from '../../libs/testing/src/contracts/revocation-ledger.contract.ts';
import { describeSpendLedger } from '../../libs/testing/src/contracts/spend-ledger.contract.ts';
import { describeSpendLookup } from '../../libs/testing/src/contracts/spend-lookup.contract.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { RedisCluster } from '../support/redis-cluster.ts';
import { ledgerOnRedis } from './ledger-on-redis.ts';

(hasRedis() ? describe : describe.skip)('a ledger that spends on Redis', () => {
  let server: RedisServer;
  let cluster: RedisCluster;
  beforeAll(async () => {
    server = await RedisServer.start();
    cluster = await RedisCluster.start();
  }, 120_000);
  afterAll(() => Promise.all([server.stop(), cluster.stop()]));

  for (const [name, place, brokers] of [
    ['Redis', () => server, 1],
    ['Redis, two brokers', () => server, 2],
    ['a cluster, two brokers', () => cluster, 2],
  ] as const) {
    const open = () => ledgerOnRedis(place().url, brokers);
    describeSpendLedger(name, open);
    describeSpendLookup(name, open);
    describeJournal(name, open);
    describeRevocationLedger(name, open);
  }
});
