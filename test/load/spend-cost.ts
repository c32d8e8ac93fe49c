import { byAssertion } from './caller-authentication.ts';
import { costOf } from './cost-of.ts';
import { drive } from './drive.ts';
import { persistently } from './persistently.ts';
import { forSelfApi, prepareExchanges, prepareIntrospections } from './prepare.ts';
import type { GrowthPoint } from './report/performance.ts';
import type { Expected, PreparedRequest, Sender } from './send.ts';
import { sideOf, type Stretch } from './side.ts';
import { ACTIVE, TOKEN, type World } from './world.ts';

/** So often is measured; the turn that cost least counts, since what else runs on the machine only ever adds. */
const TURNS = 4;

/** What an exchange costs in this world, for a table of growth. */
export function exchangeCost(world: World, size: number): Promise<GrowthPoint> {
  const prepare = async (count: number): Promise<readonly PreparedRequest[]> => {
    await world.caller.learnNonce({ again: true });
    return prepareExchanges(world.caller, count);
  };
  return leastCost(world, { size, prepare, expected: TOKEN });
}

/** What spending a token costs in this world, where the API checks proofs itself. */
export function spendCost(world: World, size: number): Promise<GrowthPoint> {
  const authenticate = byAssertion(world.caller, 'self-api', world.deployment.keys.selfServer);
  const prepare = async (count: number): Promise<readonly PreparedRequest[]> =>
    prepareIntrospections(await world.tokens(count, forSelfApi(world.caller)), authenticate);
  return leastCost(world, { size, prepare, expected: ACTIVE });
}

interface Sample {
  readonly size: number;
  readonly expected: Expected;
  readonly prepare: (count: number) => Promise<readonly PreparedRequest[]>;
}

async function leastCost(world: World, { size, prepare, expected }: Sample): Promise<GrowthPoint> {
  const { options, postgres, say } = world.bench;
  const { brokers } = world.deployment;
  const senders = brokers.map(({ url }) => world.sender(url));
  const processes = { serving: brokers.map(({ node }) => node.pid), database: postgres.pid, calling: [] };
  const stretch = async (count: number): Promise<Stretch> => {
    const shots = (await prepare(count)).map((one, at) => senderAt(senders, at).shot(one, expected));
    const { outcome, ...cost } = await costOf(processes, () => drive(shots, options.connections));
    return { ...cost, seconds: outcome.seconds, latency: outcome.latency };
  };
  const each = Math.ceil(options.requests / TURNS / 2);
  const taken = (count: number): Promise<Stretch> => persistently(say, () => stretch(count));
  await taken(Math.ceil(options.warmUp / 2));
  const turns = [];
  for (let turn = 0; turn < TURNS; turn++) turns.push(sideOf([await taken(each)]));
  const [least] = turns.toSorted((a, b) => a.cpuUs + a.databaseCpuUs - (b.cpuUs + b.databaseCpuUs));
  if (least === undefined) throw new Error('nothing was measured');
  const { requestsPerSecond, cpuUs, databaseCpuUs, atCapacity } = least;
  return { size, requestsPerSecond, cpuUs, databaseCpuUs, p99Ms: atCapacity.p99Ms };
}

/** In turn, so that all brokers have the same to do. */
function senderAt(senders: readonly Sender[], at: number): Sender {
  const sender = senders[at % senders.length];
  if (sender === undefined) throw new Error('there is no broker');
  return sender;
}
