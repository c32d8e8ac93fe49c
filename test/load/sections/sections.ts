import type { Bench } from '../bench.ts';
import type { Measured, SectionName } from '../report/performance.ts';
import { measureDecisions } from './measure-decisions.ts';
import { measureGrowth } from './measure-growth.ts';
import { measureLoads } from './measure-loads.ts';
import { measureMemory } from './measure-memory.ts';
import { measurePeers } from './measure-peers.ts';
import { measurePropagation } from './measure-propagation.ts';
import { measureRevocation } from './measure-revocation.ts';
import { measureSteady } from './measure-steady.ts';

/** Everything that can be measured, in the order in which the report tells it. */
export const SECTIONS: Readonly<Record<SectionName, (bench: Bench) => Promise<Measured>>> = {
  loads: async (bench) => ({ loads: await measureLoads(bench) }),
  peers: async (bench) => ({ peers: await measurePeers(bench) }),
  growth: async (bench) => ({ growth: await measureGrowth(bench) }),
  decisions: async (bench) => ({ decisions: await measureDecisions(bench) }),
  steady: async (bench) => ({ steady: await measureSteady(bench) }),
  memory: async (bench) => ({ memory: await measureMemory(bench) }),
  propagation: async (bench) => ({ propagation: await measurePropagation(bench) }),
  revocation: async (bench) => ({ revocation: await measureRevocation(bench) }),
};

export function isSection(name: string): name is SectionName {
  return Object.hasOwn(SECTIONS, name);
}
