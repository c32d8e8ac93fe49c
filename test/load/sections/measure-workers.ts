import { childrenOf } from '../cpu-time.ts';
import type { Bench } from '../bench.ts';
import type { VariantResult, Workers } from '../report/variant-shapes.ts';
import { compareVariants, type Variant } from '../variants/compare-variants.ts';
import { CpuLimit } from '../variants/cpu-limit.ts';
import { withWorld, type World } from '../world.ts';

/** Of a core for each worker, so that two of them leave Postgres and the callers more than they use. */
const SHARE = 0.25;

/** What is measured at a quarter of the speed need not take four times as long. */
const FEWER = 4;

/**
 * One worker and two, on the cores that Postgres and the callers use too; then with a quarter of a core for each worker,
 * which is how it would be with cores of their own and the database elsewhere, only slower.
 */
export async function measureWorkers(bench: Bench): Promise<Workers> {
  const { requests, turns, warmUp, seed } = bench.options;
  const amount = {
    requests: Math.ceil(requests / 2),
    turns: Math.ceil(turns / 2),
    warmUp: Math.ceil(warmUp / 2),
  };
  const fewer = {
    ...amount,
    requests: Math.ceil(amount.requests / FEWER),
    warmUp: Math.ceil(warmUp / 2 / FEWER),
  };
  return inWorlds(bench, async (variants) => {
    const shared = await compareVariants(variants, amount);
    const limited = await withLimits(bench, variants, () => compareVariants(variants, fewer));
    return { at: new Date().toISOString(), seed, shared, share: SHARE, limited };
  });
}

function inWorlds<Outcome>(
  bench: Bench,
  work: (variants: readonly Variant[]) => Promise<Outcome>,
): Promise<Outcome> {
  const variant = (name: string, world: World): Variant => ({ name, world, ledgerPid: null });
  return withWorld(bench, {}, (one) =>
    withWorld(bench, { env: { ONCEKEY_WORKERS: '2' } }, (two) =>
      work([variant('1 worker', one), variant('2 workers', two)]),
    ),
  );
}

async function withLimits(
  { say }: Bench,
  variants: readonly Variant[],
  work: () => Promise<VariantResult[]>,
): Promise<VariantResult[] | null> {
  const limit = CpuLimit.on(
    variants.flatMap(({ world }) => workersOf(world)),
    SHARE,
  );
  if (limit === null) {
    say('control groups cannot be made here: workers with a part of a core each are not measured');
    return null;
  }
  try {
    return await work();
  } finally {
    limit.lift();
  }
}

/** A broker that is no primary is its own worker. */
function workersOf({ deployment }: World): readonly number[] {
  return deployment.brokers.flatMap(({ node }) => {
    const workers = childrenOf(node.pid);
    return workers.length === 0 ? [node.pid] : workers;
  });
}
