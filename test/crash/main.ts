import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { BrokerProcess } from '../support/deployment/broker-process.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { brokenPromises } from './check-history.ts';
import { History } from './history.ts';
import { work } from './workload.ts';

/**
 * Kills Postgres and brokers with SIGKILL, in turn, while tokens are exchanged and spent. No token may be honoured
 * twice, and nothing that was acknowledged may be missing from the audit log.
 */
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '12' }, workers: { type: 'string', default: '6' } },
});
const kills = Number(values.kills);

const RECOVERY_MS = 5_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Running {
  readonly postgres: EmbeddedPostgres;
  readonly deployment: Deployment;
  readonly brokers: BrokerProcess[];
}

async function killPostgres({ postgres, brokers }: Running): Promise<number> {
  await postgres.crash();
  await sleep(300);
  await postgres.restart();
  const backAt = performance.now();
  await Promise.all(brokers.map((broker) => broker.ready(RECOVERY_MS)));
  return performance.now() - backAt;
}

async function killBroker({ brokers, deployment }: Running, at: number): Promise<number> {
  const broker = brokers[at];
  if (broker === undefined) throw new Error('there is no such broker');
  await broker.stop('SIGKILL');
  const startedAt = performance.now();
  const again = BrokerProcess.start(Number(new URL(broker.url).port), deployment.env);
  brokers[at] = again;
  await again.ready();
  return performance.now() - startedAt;
}

async function main(): Promise<void> {
  const postgres = await startEmbeddedPostgres({ env: process.env, durable: true });
  const deployment = await deploy({ databaseUrl: postgres.url, brokers: 2 });
  const running: Running = { postgres, deployment, brokers: [...deployment.brokers] };
  const history = new History();
  let isOver = false;
  try {
    const workers = Array.from({ length: Number(values.workers) }, () =>
      work(deployment, history, () => isOver),
    );
    const failed = Promise.all(workers).then(() => undefined);
    for (let kill = 0; kill < kills; kill++) {
      await Promise.race([sleep(1_000 + 700 * Math.random()), failed]);
      const isPostgres = kill % 3 !== 2;
      const recoveryMs = isPostgres ? await killPostgres(running) : await killBroker(running, kill % 2);
      say(
        `kill ${kill + 1} of ${kills}: ${isPostgres ? 'Postgres' : 'broker'}, serving again after ${recoveryMs.toFixed(0)} ms`,
      );
    }
    await Promise.race([sleep(1_000), failed]);
    isOver = true;
    await failed;
    const broken = await brokenPromises(postgres.url, history);
    say(`${history.honoured.size} tokens honoured; ${history.answers}`);
    if (history.honoured.size < kills) throw new Error('hardly anything was spent: this run proves nothing');
    if (broken.length > 0)
      throw new Error(`${broken.length} broken promises:\n${broken.slice(0, 20).join('\n')}`);
    say('no token was honoured twice, and nothing acknowledged is missing from the audit log');
  } finally {
    isOver = true;
    await Promise.all(running.brokers.map((broker) => broker.stop('SIGKILL')));
    await deployment.issuerServer.stop();
    await postgres.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
