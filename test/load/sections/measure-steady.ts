import type { Client } from 'pg';
import { arrivalsMs } from '../arrivals.ts';
import type { Bench } from '../bench.ts';
import { drive } from '../drive.ts';
import { residentMb } from '../memory.ts';
import { driveOpenLoop } from '../open-loop.ts';
import type { Steady } from '../report/performance.ts';
import { repeated, type Shot } from '../send.ts';
import { pairOf } from '../steady/pair.ts';
import { SteadyWatch } from '../steady/steady-watch.ts';
import { withWorld } from '../world.ts';

const LOOK_EVERY_MS = 5_000;

/** An exchange and a spend, so many each second, for minutes: what grows that should not? */
export async function measureSteady(bench: Bench): Promise<Steady> {
  const { minutes, seed, share: shareOfCapacity } = bench.options;
  return withWorld(bench, {}, async (world) => {
    const database = await world.database();
    const [broker] = world.deployment.brokers;
    if (broker === undefined) throw new Error('there is no broker');
    await world.caller.learnNonce();
    const pair = pairOf(world);
    const capacityPerSecond = await capacityOf(bench, pair);
    const wantedPerSecond = bench.options.perSecond;
    const perSecond = Math.min(wantedPerSecond, shareOfCapacity * capacityPerSecond);
    const count = Math.max(1, Math.round(minutes * 60 * perSecond));
    bench.say(`${capacityPerSecond.toFixed(0)} pairs/s at most; ${count} at ${perSecond.toFixed(0)}/s`);
    const watch = await SteadyWatch.start(database, () => residentMb(broker.node.pid));
    const looking = setInterval(() => void watch.look(), LOOK_EVERY_MS);
    try {
      const { latency } = await driveOpenLoop(repeated(pair, count), arrivalsMs(count, perSecond, seed));
      return {
        at: new Date().toISOString(),
        seed,
        minutes,
        wantedPerSecond,
        capacityPerSecond,
        shareOfCapacity,
        perSecond,
        pairs: count,
        latency: latency.percentiles(),
        ...(await watch.end(count)),
        partitionsAhead: await partitionsAhead(database),
      };
    } finally {
      clearInterval(looking);
    }
  });
}

/** Pairs each second when nobody pauses, callers included: they share the machine. The first half is to warm up. */
async function capacityOf({ options }: Bench, pair: Shot): Promise<number> {
  const { warmUp, connections } = options;
  const count = Math.max(1, Math.ceil(warmUp / 2));
  await drive(repeated(pair, count), connections);
  return count / (await drive(repeated(pair, count), connections)).seconds;
}

/** Days of the audit log that have a partition before they have come. */
async function partitionsAhead(database: Client): Promise<number> {
  const { rows } = await database.query<{ days: number }>(
    `SELECT count(*)::int AS days FROM pg_inherits
      WHERE inhparent = 'audit_event'::regclass
        AND pg_get_expr((SELECT relpartbound FROM pg_class WHERE oid = inhrelid), inhrelid) <> 'DEFAULT'
        AND (regexp_match(pg_get_expr((SELECT relpartbound FROM pg_class WHERE oid = inhrelid), inhrelid),
             'FROM \\(''([^'']+)''\\)'))[1]::timestamptz > now()`,
  );
  return rows[0]?.days ?? 0;
}
