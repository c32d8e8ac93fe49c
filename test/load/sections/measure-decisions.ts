import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from '../bench.ts';
import { curveOf } from '../report/curve-of.ts';
import type { Decisions } from '../report/performance.ts';

const AMOUNT = { rounds: 7, decisions: 2000 };
const SMOKE = { rounds: 1, decisions: 50 };

type Amount = typeof AMOUNT;

/** One decision of the policies, by the size of the release. */
export async function measureDecisions({ options }: Bench): Promise<Decisions> {
  const points: Decisions['points'] = [];
  const amount = options.smoke ? SMOKE : AMOUNT;
  for (const policies of options.policies) points.push(await measureApart(policies, amount));
  const curve = curveOf(points.map(({ policies, decisionUs }) => ({ size: policies, cost: decisionUs })));
  const at = new Date().toISOString();
  return { at, seed: options.seed, curve, points, ...amount };
}

async function measureApart(
  policies: number,
  { decisions, rounds }: Amount,
): Promise<Decisions['points'][number]> {
  const program = resolve('dist/test/load/decision-cost.js');
  const args = [program, String(policies), String(decisions), String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Decisions['points'][number];
}
