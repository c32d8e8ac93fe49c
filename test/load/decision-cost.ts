import { CedarCompiler } from '../../libs/cedar/src/index.ts';
import { sampleRelease, sampleRequests } from './decision-sample.ts';

/**
 * What one decision costs in a release of so many policies, in a process of its own, so that its memory is nobody
 * else's. Arguments: policies, decisions, rounds. Says JSON.
 */
const [policies = 0, decisions = 0, rounds = 0] = process.argv.slice(2).map(Number);

/** The least CPU time of several rounds: what else runs on the machine only ever adds. */
function measure(): object {
  const document = sampleRelease(policies);
  // Their questions differ, so that no verdict is remembered.
  const requests = sampleRequests(decisions, policies);
  const memoryBefore = process.memoryUsage.rss();
  const compileFrom = process.cpuUsage();
  // More than a release may have, to show where the cost goes.
  const compiled = new CedarCompiler(undefined, { policies }).compile(1, document);
  const compileMs = cpuUs(compileFrom) / 1000;
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems.slice(0, 3)));
  const { release } = compiled;
  let decisionUs = Number.POSITIVE_INFINITY;
  let permitted = 0;
  for (let round = 0; round < rounds; round++) {
    const from = process.cpuUsage();
    permitted = requests.filter((request) => release.evaluate(request).effect === 'permit').length;
    decisionUs = Math.min(decisionUs, cpuUs(from) / requests.length);
  }
  const memoryMb = Math.max(0, process.memoryUsage.rss() - memoryBefore) / 2 ** 20;
  return { policies, decisionUs, compileMs, memoryMb, permitted };
}

function cpuUs(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return user + system;
}

process.stdout.write(JSON.stringify(measure()));
