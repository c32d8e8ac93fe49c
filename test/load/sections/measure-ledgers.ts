import { isOnPath } from '../../support/installed.ts';
import { RedisServer } from '../../support/redis-server.ts';
import type { Bench } from '../bench.ts';
import type { Ledgers } from '../report/variant-shapes.ts';
import { compareVariants, type Variant } from '../variants/compare-variants.ts';
import { withWorld } from '../world.ts';

const MISSING = 'there is no redis-server and no valkey-server on this machine';

/** Tokens that are spent in Postgres, and on a Redis beside it. Everything else is in Postgres both times. */
export async function measureLedgers(bench: Bench): Promise<Ledgers> {
  const { requests, turns, warmUp, seed } = bench.options;
  const amount = {
    requests: Math.ceil(requests / 2),
    turns: Math.ceil(turns / 2),
    warmUp: Math.ceil(warmUp / 2),
  };
  const isAtHand = isOnPath('redis-server') || isOnPath('valkey-server');
  if (!isAtHand) bench.say(`${MISSING}: only Postgres is measured`);
  return withWorld(bench, {}, async (world) => {
    const postgres: Variant = { name: 'Postgres', world, ledgerPid: null };
    const results = isAtHand
      ? await besideRedis(bench, (redis) => compareVariants([postgres, redis], amount))
      : await compareVariants([postgres], amount);
    return { at: new Date().toISOString(), seed, missing: isAtHand ? null : MISSING, results };
  });
}

async function besideRedis<Outcome>(
  bench: Bench,
  work: (variant: Variant) => Promise<Outcome>,
): Promise<Outcome> {
  const redis = await RedisServer.start();
  try {
    return await withWorld(bench, { env: { ONCEKEY_LEDGER_URL: redis.url } }, (world) =>
      work({ name: 'Redis', world, ledgerPid: redis.pid }),
    );
  } finally {
    await redis.stop();
  }
}
