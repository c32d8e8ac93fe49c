import { execFileSync } from 'node:child_process';
import { arch, cpus, platform } from 'node:os';
import { CedarCompiler } from '../../libs/cedar/src/index.ts';
import { sampleRelease, sampleRequests } from './decision-sample.ts';
import { markdownTable } from './markdown-table.ts';

/**
 * What one decision costs, by how many policies the release has. The sizes are measured in a process each, so that
 * the memory of one is not the other's; their decisions differ, so that no verdict is remembered.
 */
const SIZES = [10, 100, 1000, 10_000];
const ROUNDS = 7;
const DECISIONS = 2000;

interface Cost {
  readonly decisionUs: number;
  readonly compileMs: number;
  readonly memoryMb: number;
  readonly permitted: number;
}

function main(): void {
  const [, script = '', size] = process.argv;
  if (size !== undefined) {
    process.stdout.write(JSON.stringify(measure(Number(size))));
    return;
  }
  const costs = SIZES.map((policies) => ({ policies, cost: measureApart(script, policies) }));
  const base = costs[0]?.cost.decisionUs ?? 1;
  const rows = costs.map(({ policies, cost }) => [
    String(policies),
    cost.decisionUs.toFixed(0),
    (cost.decisionUs / base).toFixed(2),
    cost.compileMs.toFixed(0),
    cost.memoryMb.toFixed(0),
    `${((100 * cost.permitted) / DECISIONS).toFixed(0)} %`,
  ]);
  const head = ['policies', 'decision CPU us', 'ratio', 'compile CPU ms', 'memory MB', 'permitted'];
  say(`node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}, ${platform()} ${arch()}`);
  say(`50 resource servers of 20 operations; best of ${ROUNDS} rounds of ${DECISIONS} decisions\n`);
  say(markdownTable(head, rows));
}

function measureApart(script: string, policies: number): Cost {
  const told: unknown = JSON.parse(
    execFileSync(process.execPath, [script, String(policies)], { encoding: 'utf8' }),
  );
  if (!isCost(told)) throw new Error(`the measurement of ${policies} policies told no cost`);
  return told;
}

function isCost(value: unknown): value is Cost {
  return typeof value === 'object' && value !== null && 'decisionUs' in value;
}

/** The least CPU time of several rounds: what else runs on the machine only ever adds. */
function measure(policies: number): Cost {
  const document = sampleRelease(policies);
  const requests = sampleRequests(DECISIONS, policies);
  const memoryBefore = process.memoryUsage.rss();
  const compileFrom = process.cpuUsage();
  // More than a release may have, to show where the cost goes.
  const compiled = new CedarCompiler(undefined, { policies: Math.max(...SIZES) }).compile(1, document);
  const compileMs = cpuUs(compileFrom) / 1000;
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems.slice(0, 3)));
  const { release } = compiled;
  let decisionUs = Number.POSITIVE_INFINITY;
  let permitted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.cpuUsage();
    permitted = requests.filter((request) => release.evaluate(request).effect === 'permit').length;
    decisionUs = Math.min(decisionUs, cpuUs(from) / requests.length);
  }
  const memoryMb = (process.memoryUsage.rss() - memoryBefore) / 1024 / 1024;
  return { decisionUs, compileMs, memoryMb, permitted };
}

function cpuUs(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return user + system;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main();
