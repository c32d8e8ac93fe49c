import { setTimeout as sleep } from 'node:timers/promises';
import { readRedisAddress, RedisSpentTokens } from '../../libs/redis/src/index.ts';
import { eventually } from '../support/eventually.ts';
import { RedisCluster } from '../support/redis-cluster.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';

export const LEDGER_KINDS = ['postgres', 'redis', 'cluster'] as const;

export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** Where tokens are spent, and how that place is brought down. */
export interface CrashableLedger {
  /** Null: in the database. */
  readonly url: string | null;
  /** Kills a server of it, and tells after how many milliseconds all of it served again. */
  crash(allReady: () => Promise<void>): Promise<number>;
  stop(): Promise<void>;
}

/** Parts of a ledger on a cluster. */
const SHARDS = 16;

/** The others notice within a second and vote; nothing is promised on a busy machine. */
const FAILOVER_MS = 30_000;

/** Fails  Error where there is no Redis and none can be installed */
export async function startLedger(kind: LedgerKind): Promise<CrashableLedger> {
  if (kind === 'postgres') return IN_THE_DATABASE;
  if (!hasRedis()) throw new Error('there is no Redis on this machine');
  return kind === 'redis' ? onServer() : onCluster();
}

const IN_THE_DATABASE: CrashableLedger = {
  url: null,
  crash: () => Promise.reject(new Error('a ledger in the database crashes with it')),
  stop: () => Promise.resolve(),
};

async function onServer(): Promise<CrashableLedger> {
  const server = await RedisServer.start();
  return {
    url: server.url,
    crash: async (allReady) => {
      await server.kill();
      await sleep(300);
      await server.start();
      const backAt = performance.now();
      await allReady();
      return performance.now() - backAt;
    },
    stop: () => server.stop(),
  };
}

/** A master is killed and not brought back before one of the replicas serves in its stead. */
async function onCluster(): Promise<CrashableLedger> {
  const cluster = await RedisCluster.start();
  const onProblem = (): void => undefined;
  const tokens = await RedisSpentTokens.open({
    address: readRedisAddress(cluster.url),
    name: 'main',
    onProblem,
  });
  const incarnations = (): ReadonlySet<string> =>
    new Set(Array.from({ length: SHARDS }, () => incarnationOf(tokens)));
  return {
    url: cluster.url,
    crash: async (allReady) => {
      await eventually(() => incarnations().size === SHARDS, FAILOVER_MS);
      const before = incarnations();
      const master = await cluster.aMaster();
      await master.kill();
      const killedAt = performance.now();
      await eventually(() => {
        const now = incarnations();
        return now.size === SHARDS && [...now].some((one) => !before.has(one));
      }, FAILOVER_MS);
      await allReady();
      const tookMs = performance.now() - killedAt;
      await master.start();
      await cluster.whole();
      return tookMs;
    },
    stop: async () => {
      await tokens.close();
      await cluster.stop();
    },
  };
}

function incarnationOf(tokens: RedisSpentTokens): string {
  try {
    return tokens.current().incarnation;
  } catch {
    // Not one shard is there.
    return '';
  }
}
