import { arrivalsMs } from '../arrivals.ts';
import type { Bench } from '../bench.ts';
import { databaseMb, peakResidentMb, residentMb } from '../memory.ts';
import { costOf, type Processes } from '../cost-of.ts';
import { drive } from '../drive.ts';
import { startFloor } from '../floor/floor.ts';
import { forwardAuthLoad } from '../loads/forward-auth-load.ts';
import type { Load, Sides } from '../loads/load.ts';
import { mixedDayLoad } from '../loads/mixed-day-load.ts';
import { roundTripLoad } from '../loads/round-trip-load.ts';
import { callerTokenLoad, exchangeLoad, forwardedProofLoad, noProofLoad } from '../loads/token-loads.ts';
import { driveOpenLoop } from '../open-loop.ts';
import type { Arrivals, LoadResult, Loads } from '../report/performance.ts';
import type { Shot } from '../send.ts';
import { sideOf, type Stretch } from '../side.ts';
import { withWorld } from '../world.ts';

const SIDES = ['floor', 'broker'] as const;
type SideName = (typeof SIDES)[number];

/** Every load at capacity and below it, beside its floor. */
export async function measureLoads(bench: Bench): Promise<Loads> {
  const { options } = bench;
  const nodeFlags = options.profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
  return withWorld(bench, { nodeFlags }, async (world) =>
    bench.onDatabase(async (floorUrl) => {
      const floor = await startFloor(world, floorUrl);
      const sides: Sides = { world, floor };
      const loads = [
        exchangeLoad(sides),
        noProofLoad(sides),
        forwardedProofLoad(sides),
        callerTokenLoad(sides),
        forwardAuthLoad(sides),
        await roundTripLoad(sides),
        mixedDayLoad(sides, await world.database()),
      ].filter(({ name }) => options.loads?.includes(name) ?? true);
      const results: LoadResult[] = [];
      for (const load of loads) results.push(await measureLoad(sides, load));
      const { pid } = brokerOf(sides);
      const memory = {
        brokerMb: residentMb(pid),
        brokerPeakMb: peakResidentMb(pid),
        floorMb: residentMb(floor.node.pid),
        databaseMb: databaseMb(bench.postgres.pid),
      };
      const { seed, connections, warmUp, share } = options;
      const at = new Date().toISOString();
      return { at, seed, connections, warmUp, shareOfCapacity: share, results, memory };
    }),
  );
}

/** Broker and floor take turns, so that what else the machine does meanwhile falls on both. */
async function measureLoad(sides: Sides, load: Load): Promise<LoadResult> {
  const { options, say } = sides.world.bench;
  const { requests, turns, warmUp, connections, share } = options;
  const processes = processesOf(sides, load);
  const atCapacity = async (side: SideName, shots: readonly Shot[]): Promise<Stretch> => {
    const { outcome, ...cost } = await costOf(processes[side], () => drive(shots, connections));
    return { ...cost, seconds: outcome.seconds, latency: outcome.latency };
  };
  const first = await load.prepare(warmUp);
  for (const side of SIDES) await atCapacity(side, first[side]);

  const stretches = { floor: [] as Stretch[], broker: [] as Stretch[] };
  for (let turn = 0; turn < turns; turn++) {
    const volley = await load.prepare(Math.ceil(requests / turns));
    for (const side of SIDES) stretches[side].push(await atCapacity(side, volley[side]));
  }
  const [floor, broker] = [sideOf(stretches.floor), sideOf(stretches.broker)];

  const perSecond = share * Math.min(broker.requestsPerSecond, floor.requestsPerSecond);
  const count = Math.max(1, Math.round(perSecond * options.seconds));
  const arrivals = arrivalsMs(count, perSecond, options.seed);
  const volley = await load.prepare(count);
  const [floorArrivals, brokerArrivals] = [
    await withArrivals(volley.floor, arrivals, perSecond),
    await withArrivals(volley.broker, arrivals, perSecond),
  ];
  const cost = (side: typeof floor): number => side.cpuUs + (load.wholeTrip ? side.callersCpuUs : 0);
  const result = {
    load: load.name,
    requests: turns * Math.ceil(requests / turns),
    broker,
    floor,
    ofFloor: cost(broker) === 0 ? 0 : cost(floor) / cost(broker),
    wholeTrip: load.wholeTrip,
    throughputOfFloor: broker.requestsPerSecond / floor.requestsPerSecond,
    target: load.target,
    brokerArrivals,
    floorArrivals,
  };
  say(`${load.name}: ${broker.requestsPerSecond.toFixed(0)}/s, ${result.ofFloor.toFixed(2)} of floor`);
  return result;
}

async function withArrivals(
  shots: readonly Shot[],
  arrivals: readonly number[],
  perSecond: number,
): Promise<Arrivals> {
  const { latency, lag } = await driveOpenLoop(shots, arrivals);
  return {
    perSecond,
    requests: shots.length,
    latency: latency.percentiles(),
    lag: lag.percentiles(),
  };
}

function processesOf(sides: Sides, { calling }: Load): Readonly<Record<SideName, Processes>> {
  const database = sides.world.bench.postgres.pid;
  return {
    broker: { serving: [brokerOf(sides).pid], database, calling: calling.broker },
    floor: { serving: [sides.floor.node.pid], database, calling: calling.floor },
  };
}

function brokerOf({ world }: Sides): { readonly pid: number } {
  const [broker] = world.deployment.brokers;
  if (broker === undefined) throw new Error('there is no broker');
  return broker.node;
}
