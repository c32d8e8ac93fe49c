import type { Bench } from '../bench.ts';
import type { Keep, Measured, SectionName } from '../report/performance.ts';
import { measureDecisions } from './measure-decisions.ts';
import { measureGrowth } from './measure-growth.ts';
import { measureLedgers } from './measure-ledgers.ts';
import { measureLoads } from './measure-loads.ts';
import { measureMemory } from './measure-memory.ts';
import { measureOverload } from './measure-overload.ts';
import { measurePeers } from './measure-peers.ts';
import { measurePropagation } from './measure-propagation.ts';
import { measureRevocation } from './measure-revocation.ts';
import { measureSteady } from './measure-steady.ts';
import { measureWorkers } from './measure-workers.ts';

/** Everything that can be measured, in the order in which the report tells it. */
export const SECTIONS: Readonly<Record<SectionName, (bench: Bench, keep: Keep) => Promise<Measured>>> = {
  loads: async (bench) => ({ loads: await measureLoads(bench) }),
  peers: async (bench) => ({ peers: await measurePeers(bench) }),
  growth: async (bench, keep) => ({ growth: await measureGrowth(bench, keep) }),
  decisions: async (bench) => ({ decisions: await measureDecisions(bench) }),
  steady: async (bench) => ({ steady: await measureSteady(bench) }),
  memory: async (bench) => ({ memory: await measureMemory(bench) }),
  overload: async (bench) => ({ overload: await measureOverload(bench) }),
  workers: async (bench) => ({ workers: await measureWorkers(bench) }),
  ledgers: async (bench) => ({ ledgers: await measureLedgers(bench) }),
  propagation: async (bench) => ({ propagation: await measurePropagation(bench) }),
  revocation: async (bench) => ({ revocation: await measureRevocation(bench) }),
};

export function isSection(name: string): name is SectionName {
  return Object.hasOwn(SECTIONS, name);
}
