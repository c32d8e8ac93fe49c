import { readRedisAddress, RedisSpentTokens } from '#redis';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';

/** Brokers that spend on the Redis at `url`; all else is in one database, a fresh one unless it is named. */
export async function ledgerOnRedis(
  url: string,
  brokers: number,
  settings: { readonly databaseUrl?: string; readonly name?: string; readonly bucketSeconds?: number } = {},
): Promise<LedgerOnDatabase> {
  const { databaseUrl = (await freshDatabase()).url, name = 'main', bucketSeconds } = settings;
  return ledgerOnDatabase(databaseUrl, brokers, {
    name,
    elsewhere: (onProblem) =>
      RedisSpentTokens.open({
        address: readRedisAddress(url),
        name,
        onProblem,
        ...(bucketSeconds === undefined ? {} : { bucketSeconds }),
      }),
  });
}
