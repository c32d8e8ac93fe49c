import type { Client } from 'pg';
import { arrivalsMs } from '../arrivals.ts';
import type { Bench } from '../bench.ts';
import { byAssertion } from '../caller-authentication.ts';
import { residentMb } from '../memory.ts';
import { driveOpenLoop } from '../open-loop.ts';
import { prepareExchanges, prepareIntrospections, withProof } from '../prepare.ts';
import type { Steady } from '../report/performance.ts';
import type { Shot } from '../send.ts';
import { SteadyWatch } from '../steady/steady-watch.ts';
import { ACTIVE, TOKEN, withWorld, type World } from '../world.ts';

const LOOK_EVERY_MS = 5_000;

/** A nonce is good for a minute. */
const LEARN_NONCE_EVERY_MS = 30_000;

/** An exchange and a spend, so many each second, for minutes: what grows that should not? */
export async function measureSteady(bench: Bench): Promise<Steady> {
  const { minutes, perSecond, seed } = bench.options;
  return withWorld(bench, {}, async (world) => {
    const database = await world.database();
    const [broker] = world.deployment.brokers;
    if (broker === undefined) throw new Error('there is no broker');
    await world.caller.learnNonce();
    const watch = await SteadyWatch.start(database, () => residentMb(broker.node.pid));
    const count = Math.max(1, Math.round(minutes * 60 * perSecond));
    const pair = pairOf(world);
    const shots = Array.from({ length: count }, () => pair);
    const timers = [
      setInterval(() => void watch.look(), LOOK_EVERY_MS),
      setInterval(() => void world.caller.learnNonce({ again: true }), LEARN_NONCE_EVERY_MS),
    ];
    try {
      const { latency } = await driveOpenLoop(shots, arrivalsMs(count, perSecond, seed));
      const watched = await watch.end(count);
      const at = new Date().toISOString();
      return {
        at,
        seed,
        minutes,
        perSecond,
        pairs: count,
        latency: latency.percentiles(),
        ...watched,
        partitionsAhead: await partitionsAhead(database),
      };
    } finally {
      for (const timer of timers) clearInterval(timer);
    }
  });
}

/** Both halves are signed when they are due, so the load generator's own work is in the latency. */
function pairOf({ caller, deployment, broker }: World): Shot {
  const authenticate = byAssertion(caller, 'orders-api', deployment.keys.server);
  return async () => {
    const exchanges = prepareExchanges(caller, 1).map((one) => broker.shot(one, TOKEN));
    const bodies = await Promise.all(exchanges.map((shot) => shot()));
    const tokens = bodies.map((body) => (JSON.parse(body) as { access_token: string }).access_token);
    const spends = prepareIntrospections(tokens, authenticate, withProof(caller));
    return (await Promise.all(spends.map((one) => broker.shot(one, ACTIVE)()))).join('');
  };
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
