import type { Bench } from '../bench.ts';
import { fillAudit } from '../growth/fill-audit.ts';
import { fillLedger } from '../growth/fill-ledger.ts';
import { registerMany } from '../growth/register-many.ts';
import { curveOf } from '../report/curve-of.ts';
import type { Dimension, Growth, GrowthPoint } from '../report/performance.ts';
import { exchangeCost, spendCost } from '../spend-cost.ts';
import { withWorld } from '../world.ts';

type DimensionOf = Omit<Dimension, 'curve' | 'points'>;

/** What one request costs when there is more of something. */
export async function measureGrowth(bench: Bench): Promise<Growth> {
  const { processes, seed } = bench.options;
  const dimensions = [
    ...(await inOneWorld(bench)),
    await inWorldsOf(bench, BROKERS, processes, (brokers) => ({ brokers })),
    await inWorldsOf(bench, WORKERS, processes, (workers) => ({
      env: { ONCEKEY_WORKERS: String(workers) },
    })),
  ];
  return { at: new Date().toISOString(), seed, dimensions };
}

const LEDGER: DimensionOf = {
  of: 'tokens in the ledger that were spent and are remembered',
  load: 'introspect, no proof',
  whenItBends:
    'Ids are ordered by time: a spend touches the right edge of an index, whatever lies to its left. It bends when that edge is not in memory any more: give `shared_buffers` room for it, or policies a shorter life of tokens, which the tables are emptied by.',
};

const AUDIT: DimensionOf = {
  of: 'audit events in the partition of a day',
  load: 'introspect, no proof',
  whenItBends:
    'Events are added at the right edge of three indexes. It bends when these edges do not fit into memory: drop old days, and give the database memory for one day of indexes.',
};

const REGISTRATIONS: DimensionOf = {
  of: 'identity providers, and as many resource servers',
  load: 'exchange',
  whenItBends:
    'They are looked up by name in memory. What grows is the compiling of a change, which no request waits for; beyond some thousands split them over brokers with databases of their own.',
};

const BROKERS: DimensionOf = {
  of: 'broker processes on one database, all on these cores',
  load: 'introspect, no proof',
  whenItBends:
    'A batch is shared by what one process is asked at a time: more processes make more and smaller ones, which costs the database. Add processes only where there are cores for them.',
};

const WORKERS: DimensionOf = {
  of: 'workers of one broker (`ONCEKEY_WORKERS`), with the database on the same cores',
  load: 'introspect, no proof',
  whenItBends:
    'As with processes. With the database on the same cores a worker takes from it what it gains: one worker for each core that the database does not need.',
};

/** One after the other, so that each is measured in the company of what was filled before. */
async function inOneWorld(bench: Bench): Promise<Dimension[]> {
  const { entries, events, registrations } = bench.options;
  return withWorld(bench, {}, async (world) => {
    const database = await world.database();
    const along = async (
      dimension: DimensionOf,
      sizes: readonly number[],
      measure: (size: number) => Promise<GrowthPoint>,
    ): Promise<Dimension> => {
      const points: GrowthPoint[] = [];
      for (const size of sizes) points.push(await measure(size));
      return named(bench, dimension, points);
    };
    return [
      await along(LEDGER, entries, async (size) => {
        await fillLedger(database, size);
        return spendCost(world, size);
      }),
      await along(AUDIT, events, async (size) => {
        await fillAudit(database, size);
        return spendCost(world, size);
      }),
      await along(REGISTRATIONS, registrations, async (size) => {
        await registerMany(world, size);
        return exchangeCost(world, size);
      }),
    ];
  });
}

async function inWorldsOf(
  bench: Bench,
  dimension: DimensionOf,
  sizes: readonly number[],
  optionsOf: (size: number) => Parameters<typeof withWorld>[1],
): Promise<Dimension> {
  const points: GrowthPoint[] = [];
  for (const size of sizes)
    points.push(await withWorld(bench, optionsOf(size), (world) => spendCost(world, size)));
  return named(bench, dimension, points);
}

function named({ say }: Bench, dimension: DimensionOf, points: GrowthPoint[]): Dimension {
  const costs = points.map(({ size, cpuUs, databaseCpuUs }) => ({ size, cost: cpuUs + databaseCpuUs }));
  const curve = curveOf(costs);
  say(`${dimension.of}: ${curve}`);
  return { ...dimension, curve, points };
}
