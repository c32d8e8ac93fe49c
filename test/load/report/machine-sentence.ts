import type { Performance } from './performance.ts';

/** On what was measured, and on which days. */
export function machineSentence({ machine, ...sections }: Performance): string {
  const { cpu, cores, memoryGb, platform, node, postgres } = machine;
  const days = Object.values(sections).map(({ at }) => at.slice(0, 10));
  const when = [...new Set(days)].toSorted().join(', ');
  return `${cores} x ${cpu}, ${memoryGb} GB, ${platform}, Node ${node}, Postgres ${postgres} with fsync on; measured on ${when}. The load generator, Postgres and the brokers share these cores.`;
}
