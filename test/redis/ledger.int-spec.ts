import { describeJournal } from '../../libs/testing/src/contracts/journal.contract.ts';
import { describeRevocationLedger } from '../../libs/testing/src/contracts/revocation-ledger.contract.ts';
import { describeSpendLedger } from '../../libs/testing/src/contracts/spend-ledger.contract.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { ledgerOnRedis } from './ledger-on-redis.ts';

(hasRedis ? describe : describe.skip)('a ledger that spends on Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());

  for (const [name, brokers] of [
    ['Redis', 1],
    ['Redis, two brokers', 2],
  ] as const) {
    const open = () => ledgerOnRedis(server.url, brokers);
    describeSpendLedger(name, open);
    describeJournal(name, open);
    describeRevocationLedger(name, open);
  }
});
