import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from '../bench.ts';
import { curveOf } from '../report/curve-of.ts';
import type { Decisions } from '../report/performance.ts';

const ROUNDS = 7;
const DECISIONS = 2000;

/** One decision of the policies, by the size of the release. */
export async function measureDecisions({ options }: Bench): Promise<Decisions> {
  const points: Decisions['points'] = [];
  for (const policies of options.policies) points.push(await measureApart(policies));
  const curve = curveOf(points.map(({ policies, decisionUs }) => ({ size: policies, cost: decisionUs })));
  const at = new Date().toISOString();
  return { at, seed: options.seed, curve, points, decisions: DECISIONS, rounds: ROUNDS };
}

async function measureApart(policies: number): Promise<Decisions['points'][number]> {
  const program = resolve('dist/test/load/decision-cost.js');
  const args = [program, String(policies), String(DECISIONS), String(ROUNDS)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Decisions['points'][number];
}
