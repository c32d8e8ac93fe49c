import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { Caller } from '../../support/deployment/caller.ts';
import { seededRandom } from '../arrivals.ts';
import type { Bench } from '../bench.ts';
import { BALLAST_POLICIES, publishTtl } from '../propagation-release.ts';
import { delayOf } from '../report/delays.ts';
import type { Delay, Propagation } from '../report/performance.ts';
import { withWorld } from '../world.ts';

const GIVE_UP_MS = 60_000;
const WARM_UP = 5;

/**
 * How long after the COMMIT of a release two broker processes decide on it. Each release gives one operation a token
 * life of its own, so that every answer tells by `expires_in` which release decided. Both brokers are asked without a
 * pause, and the time ends when the answer has arrived: the exchange itself is in it.
 */
export async function measurePropagation(bench: Bench): Promise<Propagation> {
  const { seed, samples } = bench.options;
  const random = seededRandom(seed);
  return withWorld(bench, { brokers: 2 }, async (world) => {
    const database = await world.database();
    const callers = world.deployment.brokers.map((_, at) => new Caller(world.deployment, at));
    const measure = async (changes: string, count: number): Promise<Delay[]> => {
      const took = callers.map((): number[] => []);
      for (let round = 0; round < count; round++) {
        await Promise.all(callers.map((caller) => caller.learnNonce({ again: true })));
        // Not in step with the brokers' own rhythm.
        await sleep(random() * 500);
        const ttl = 20 + (round % 200);
        const committedAt = await publishTtl(database, ttl);
        const all = await Promise.all(callers.map((caller) => untilDecidedBy(caller, ttl)));
        for (const [at, decidedAt] of all.entries()) took[at]?.push(decidedAt - committedAt);
      }
      const slower = (took[0] ?? []).map((first, at) => Math.max(first, took[1]?.[at] ?? first));
      return [...took, slower].map((times, at) =>
        delayOf(`${changes}, ${at < took.length ? `broker ${at + 1}` : 'the slower'}`, times),
      );
    };
    await measure('warm-up', Math.min(samples, WARM_UP));
    const notified = await measure('notified', samples);
    await loseNotifications(database);
    const rows = [...notified, ...(await measure('notification lost', samples))];
    return { at: new Date().toISOString(), seed, policies: BALLAST_POLICIES, rows };
  });
}

/** From here on only the poll is left. */
async function loseNotifications(database: Client): Promise<void> {
  const { rows } = await database.query<{ source: string }>(
    "SELECT pg_get_functiondef('bump_trust_revision'::regproc) AS source",
  );
  const source = rows[0]?.source ?? '';
  if (!source.includes('NOTIFY oncekey_trust;')) throw new Error('nothing notifies of a change any more');
  await database.query(source.replace('NOTIFY oncekey_trust;', ''));
}

/** Asks until an answer was decided by the release of this token life; when that answer had arrived. */
async function untilDecidedBy(caller: Caller, ttl: number): Promise<number> {
  const from = performance.now();
  for (;;) {
    const { status, body, text } = await caller.exchange();
    const at = performance.now();
    // A broker that is not sure of its release does not decide: that is part of the time.
    if (status !== 200 && status !== 503) throw new Error(`an exchange answered ${status}: ${text}`);
    if (body['expires_in'] === ttl) return at;
    if (at - from > GIVE_UP_MS) throw new Error(`no decision on the new release in ${GIVE_UP_MS} ms`);
  }
}
