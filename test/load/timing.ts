import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { Caller, type Parameters } from '../support/deployment/caller.ts';
import { API, deploy } from '../support/deployment/deployment.ts';
import { migrate } from '../support/deployment/migrate.ts';
import { likelihoodOfSame, median } from './two-samples.ts';

/**
 * I-18: can somebody who asks about a token tell by the time that the answer takes why it is dead? Asks about tokens
 * of every class in turn and compares the times. Ends with 1 when two classes are told apart: a Kolmogorov-Smirnov
 * test says that they differ, and their medians lie a millisecond apart or more.
 */
const { values } = parseArgs({ options: { samples: { type: 'string', default: '10000' } } });
const samples = Number(values.samples);

/** Small enough that no assertion, proof or token grows old in it. */
const PORTION = 250;
const MOST_MEDIAN_DELTA_MS = 1;
const LEAST_LIKELIHOOD = 0.01;

const BRIEF = `${API}/orders/42/brief`;

interface DeadToken {
  readonly token: string;
  readonly changes: Parameters;
}

/** One token of each way of being dead. */
async function deadTokens(caller: Caller): Promise<Readonly<Record<string, DeadToken>>> {
  const brief = await caller.token({ authorization_details: caller.details({ target_uri: BRIEF }) });
  const spent = await caller.token();
  await caller.introspect(spent);
  const killed = await caller.token();
  for (let mismatch = 0; mismatch < 3; mismatch++) await caller.introspect(killed, { http_method: 'GET' });
  await sleep(1_100);
  return {
    'never issued': { token: `${spent.slice(0, -8)}AAAAAAAA`, changes: {} },
    expired: { token: brief, changes: { http_target_uri: BRIEF } },
    spent: { token: spent, changes: {} },
    killed: { token: killed, changes: {} },
  };
}

async function measure(caller: Caller): Promise<ReadonlyMap<string, number[]>> {
  const times = new Map<string, number[]>();
  for (let left = samples; left > 0; left -= PORTION) {
    await caller.learnNonce({ again: true });
    const dead = Object.entries(await deadTokens(caller));
    const prepared = Array.from({ length: Math.min(left, PORTION) }, () =>
      dead.map(([name, { token, changes }]) => ({
        name,
        token,
        changes: {
          client_assertion: caller.serverAssertion(),
          dpop_proof: caller.apiProof(token),
          ...changes,
        },
      })),
    );
    for (const { name, token, changes } of prepared.flat()) {
      const began = performance.now();
      const { text } = await caller.introspect(token, changes);
      const tookMs = performance.now() - began;
      if (text !== '{"active":false}') throw new Error(`a token that is ${name} was answered ${text}`);
      const known = times.get(name);
      if (known === undefined) times.set(name, [tookMs]);
      else known.push(tookMs);
    }
  }
  return times;
}

async function main(): Promise<void> {
  const postgres = await startEmbeddedPostgres({ env: process.env, durable: true });
  await migrate(postgres.url);
  const deployment = await deploy({ databaseUrl: postgres.url });
  try {
    const times = [...(await measure(new Caller(deployment)))];
    for (const [name, taken] of times)
      say(`${name.padEnd(14)} median ${median(taken).toFixed(3)} ms, n ${taken.length}`);
    times.forEach(([one, ofOne], at) => {
      for (const [other, ofOther] of times.slice(at + 1)) {
        const deltaMs = Math.abs(median(ofOne) - median(ofOther));
        const likelihood = likelihoodOfSame(ofOne, ofOther);
        const isTold = deltaMs >= MOST_MEDIAN_DELTA_MS && likelihood <= LEAST_LIKELIHOOD;
        if (isTold) process.exitCode = 1;
        const verdict = isTold ? 'TOLD APART' : 'not told apart';
        say(
          `${one} / ${other}: medians ${deltaMs.toFixed(3)} ms apart, KS p ${likelihood.toFixed(3)}: ${verdict}`,
        );
      }
    });
  } finally {
    await deployment.stop();
    await postgres.stop();
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
