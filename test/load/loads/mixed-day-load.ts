import type { Client } from 'pg';
import { shuffled } from '../arrivals.ts';
import { byAssertion } from '../caller-authentication.ts';
import { drive } from '../drive.ts';
import { prepareExchanges, prepareIntrospections, withProof } from '../prepare.ts';
import { publishTtl } from '../propagation-release.ts';
import { repeated, type Shot } from '../send.ts';
import { ACTIVE, TOKEN } from '../world.ts';
import { requestLoad, volleyOf, type Load, type Sides, type Volley } from './load.ts';

const REFUSED = 0.02;
const PUBLISHED = 0.001;

/** An exchange that no policy permits, and a token that was spent before. */
const DENIED = { status: 400, body: '"error"' } as const;
const DEAD = { status: 200, body: '{"active":false}' } as const;

/**
 * What a day is like: an exchange for each spend, 2 % refusals (half of them exchanges that no policy permits, half
 * tokens that were spent before), and for each thousand requests a new release. In an order that the seed gives.
 */
export function mixedDayLoad(sides: Sides, database: Client): Load {
  const publish = publisher(database);
  let volleys = 0;
  return requestLoad('mixed day', null, async (count) => {
    const published = Math.floor(count * PUBLISHED);
    const refused = Math.floor((count * REFUSED) / 2);
    const served = Math.floor((count - published - 2 * refused) / 2);
    const parts = [
      await exchanges(sides, count - published - 2 * refused - served),
      await spends(sides, served),
      await denials(sides, refused),
      await replays(sides, refused),
    ];
    const broker = [...parts.flatMap((part) => part.broker), ...repeated(publish, published)];
    // The floor has no policies: it is given nothing to do meanwhile.
    const floor = [...parts.flatMap((part) => part.floor), ...repeated(async () => '', published)];
    const seed = sides.world.bench.options.seed + volleys++;
    return { broker: shuffled(broker, seed), floor: shuffled(floor, seed) };
  });
}

async function exchanges(sides: Sides, count: number): Promise<Volley> {
  const { caller } = sides.world;
  await caller.learnNonce({ again: true });
  return volleyOf(sides, prepareExchanges(caller, count), { broker: TOKEN, floor: TOKEN });
}

async function spends(sides: Sides, count: number): Promise<Volley> {
  const { caller, deployment, tokens } = sides.world;
  const authenticate = byAssertion(caller, 'orders-api', deployment.keys.server);
  const requests = prepareIntrospections(await tokens(count), authenticate, withProof(caller));
  return volleyOf(sides, requests, { broker: ACTIVE, floor: ACTIVE });
}

async function denials(sides: Sides, count: number): Promise<Volley> {
  const { caller, deployment } = sides.world;
  const requests = prepareExchanges(caller, count, {
    subject_token: deployment.issuerServer.idToken({ groups: ['nobody'] }),
  });
  return volleyOf(sides, requests, { broker: DENIED, floor: TOKEN });
}

async function replays(sides: Sides, count: number): Promise<Volley> {
  const { caller, deployment, tokens, broker, bench } = sides.world;
  const authenticate = byAssertion(caller, 'orders-api', deployment.keys.server);
  const dead = await tokens(count);
  const first = prepareIntrospections(dead, authenticate, withProof(caller));
  await drive(broker.shots(first, ACTIVE), bench.options.connections);
  const again = prepareIntrospections(dead, authenticate, withProof(caller));
  return volleyOf(sides, again, { broker: DEAD, floor: ACTIVE });
}

/** One release after the other, each with another life of a token: a transaction cannot share its connection. */
function publisher(database: Client): Shot {
  let last: Promise<unknown> = Promise.resolve();
  let releases = 0;
  return async () => {
    const published = last.then(() => publishTtl(database, 299 + (releases++ % 2)));
    last = published.catch(() => undefined);
    await published;
    return '';
  };
}
