import type { Bench } from '../bench.ts';
import { AUDIT, BROKERS, LEDGER, REGISTRATIONS, WORKERS, type DimensionText } from '../growth/dimensions.ts';
import { fillAudit } from '../growth/fill-audit.ts';
import { fillLedger } from '../growth/fill-ledger.ts';
import { registerMany } from '../growth/register-many.ts';
import { curveOf } from '../report/curve-of.ts';
import type { Dimension, Growth, GrowthPoint, Keep } from '../report/performance.ts';
import { exchangeCost, spendCost } from '../spend-cost.ts';
import { withWorld, type World } from '../world.ts';

/** One dimension: `measure` makes that there is so much of it, and measures. */
interface Along {
  readonly text: DimensionText;
  readonly sizes: readonly number[];
  readonly measure: (size: number) => Promise<GrowthPoint>;
}

/**
 * What one request costs when there is more of something. Each dimension is kept as soon as it was measured: the next
 * one may fail.
 *
 * Fails  Error when nothing could be measured; AggregateError, with what of the others failed, after the last
 */
export async function measureGrowth(bench: Bench, keep: Keep): Promise<Growth> {
  const { processes, entries, events, registrations, seed } = bench.options;
  const dimensions: Dimension[] = [];
  const failures: unknown[] = [];
  const growth = (): Growth => ({ at: new Date().toISOString(), seed, dimensions });
  const along = async (one: Along): Promise<void> => {
    try {
      if (one.sizes.length > 0) dimensions.push(await measureAlong(bench, one));
    } catch (error) {
      bench.say(`${one.text.of}: failed`);
      failures.push(error);
    }
    if (dimensions.length > 0) keep({ growth: growth() });
  };
  const inWorldsOf = (optionsOf: (size: number) => Parameters<typeof withWorld>[1]): Along['measure'] => {
    return (size) => withWorld(bench, optionsOf(size), (world) => spendCost(world, size));
  };
  // One after the other in one world, so that each is measured in the company of what was filled before.
  await withWorld(bench, {}, async (world) => {
    await along({ text: LEDGER, sizes: entries, measure: (size) => withEntries(world, size) });
    await along({ text: AUDIT, sizes: events, measure: (size) => withEvents(world, size) });
    await along({ text: REGISTRATIONS, sizes: registrations, measure: (size) => withMany(world, size) });
  });
  const workersOf = (workers: number) => ({ env: { ONCEKEY_WORKERS: String(workers) } });
  await along({ text: BROKERS, sizes: processes, measure: inWorldsOf((brokers) => ({ brokers })) });
  await along({ text: WORKERS, sizes: processes, measure: inWorldsOf(workersOf) });
  if (failures.length > 0) throw new AggregateError(failures, 'not every dimension could be measured');
  return growth();
}

async function measureAlong({ say }: Bench, { text, sizes, measure }: Along): Promise<Dimension> {
  const points: GrowthPoint[] = [];
  for (const size of sizes) {
    const beganAt = performance.now();
    const point = await measure(size);
    points.push(point);
    say(
      `${text.of}, ${size}: ${(point.cpuUs + point.databaseCpuUs).toFixed(0)} us (${secondsSince(beganAt)})`,
    );
  }
  const costs = points.map(({ size, cpuUs, databaseCpuUs }) => ({ size, cost: cpuUs + databaseCpuUs }));
  const curve = curveOf(costs);
  say(`${text.of}: ${curve}`);
  return { ...text, curve, points };
}

/** Fails  Error when the broker forgot some of them while it was measured */
async function withEntries(world: World, size: number): Promise<GrowthPoint> {
  const database = await world.database();
  const remaining = await filled(world, () => fillLedger(database, size));
  const point = await spendCost(world, size);
  const remembered = await remaining();
  if (remembered < size)
    throw new Error(`of ${size} entries ${remembered} were left when they were measured`);
  return point;
}

async function withEvents(world: World, size: number): Promise<GrowthPoint> {
  const database = await world.database();
  await filled(world, () => fillAudit(database, size));
  return spendCost(world, size);
}

async function withMany(world: World, size: number): Promise<GrowthPoint> {
  await filled(world, () => registerMany(world, size));
  return exchangeCost(world, size);
}

async function filled<Outcome>({ bench }: World, fill: () => Promise<Outcome>): Promise<Outcome> {
  const beganAt = performance.now();
  const outcome = await fill();
  bench.say(`filled (${secondsSince(beganAt)})`);
  return outcome;
}

function secondsSince(at: number): string {
  return `${((performance.now() - at) / 1000).toFixed(0)} s`;
}
