import { byAssertion } from '../caller-authentication.ts';
import { costOf } from '../cost-of.ts';
import { cpuTimeUs } from '../cpu-time.ts';
import { drive } from '../drive.ts';
import { persistently } from '../persistently.ts';
import { prepareExchanges, prepareIntrospections, withProof } from '../prepare.ts';
import type { VariantResult } from '../report/variant-shapes.ts';
import type { Shot } from '../send.ts';
import { sideOf, type Stretch } from '../side.ts';
import { ACTIVE, TOKEN, type World } from '../world.ts';

/** One way to run a broker, beside others. */
export interface Variant {
  readonly name: string;
  readonly world: World;
  /** Where tokens are spent, when that is not the database. */
  readonly ledgerPid: number | null;
}

/** How much is measured of each load, altogether. */
export interface Amount {
  readonly requests: number;
  readonly turns: number;
  readonly warmUp: number;
}

interface VariantLoad {
  readonly name: string;
  readonly prepare: (world: World, count: number) => Promise<readonly Shot[]>;
}

/** The two requests of a pair. */
const LOADS: readonly VariantLoad[] = [
  {
    name: 'exchange',
    prepare: async ({ caller, broker }, count) => {
      await caller.learnNonce({ again: true });
      return broker.shots(prepareExchanges(caller, count), TOKEN);
    },
  },
  {
    name: 'introspect, proof forwarded',
    prepare: async ({ caller, broker, deployment, tokens }, count) => {
      const authenticate = byAssertion(caller, 'orders-api', deployment.keys.server);
      const requests = prepareIntrospections(await tokens(count), authenticate, withProof(caller));
      return broker.shots(requests, ACTIVE);
    },
  },
];

/** All variants at capacity. They take turns, so that what else the machine does meanwhile falls on all. */
export async function compareVariants(
  variants: readonly Variant[],
  amount: Amount,
): Promise<VariantResult[]> {
  const results: VariantResult[] = [];
  for (const load of LOADS) results.push(...(await compareOn(load, variants, amount)));
  return results;
}

interface Measured extends Stretch {
  readonly ledgerCpuUs: number;
}

async function compareOn(
  load: VariantLoad,
  variants: readonly Variant[],
  { requests, turns, warmUp }: Amount,
): Promise<VariantResult[]> {
  const each = Math.ceil(requests / turns);
  const measured = variants.map((variant) => ({ variant, stretches: [] as Measured[] }));
  for (const { variant } of measured) await stretchOf(load, variant, warmUp);
  for (let turn = 0; turn < turns; turn++)
    for (const { variant, stretches } of measured) stretches.push(await stretchOf(load, variant, each));
  return measured.map(({ variant, stretches }) => {
    const ledgerCpuUs = stretches.reduce((sum, one) => sum + one.ledgerCpuUs, 0) / (turns * each);
    const result = {
      variant: variant.name,
      load: load.name,
      requests: turns * each,
      ...sideOf(stretches),
      ledgerCpuUs: variant.ledgerPid === null ? null : ledgerCpuUs,
    };
    variant.world.bench.say(`${variant.name}, ${load.name}: ${result.requestsPerSecond.toFixed(0)}/s`);
    return result;
  });
}

function stretchOf(load: VariantLoad, { world, ledgerPid }: Variant, count: number): Promise<Measured> {
  const { bench, deployment } = world;
  const serving = deployment.brokers.map(({ node }) => node.pid);
  const processes = { serving, database: bench.postgres.pid, calling: [] };
  const ofLedger = (): number => (ledgerPid === null ? 0 : cpuTimeUs(ledgerPid));
  return persistently(bench.say, async () => {
    const shots = await load.prepare(world, count);
    const ledgerBefore = ofLedger();
    const { outcome, ...cost } = await costOf(processes, () => drive(shots, bench.options.connections));
    return {
      ...cost,
      seconds: outcome.seconds,
      latency: outcome.latency,
      ledgerCpuUs: ofLedger() - ledgerBefore,
    };
  });
}
