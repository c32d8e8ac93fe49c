import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { BrokerProcess } from '../support/deployment/broker-process.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { brokenPromises } from './check-history.ts';
import { History } from './history.ts';
import { work } from './workload.ts';

export interface CrashOptions {
  readonly kills: number;
  readonly workers: number;
  /** Shortest time of load between two kills; up to half as long again is added at random. */
  readonly loadMs: number;
  readonly onKill: (line: string) => void;
}

export interface CrashOutcome {
  readonly history: History;
  /** How often each was killed. */
  readonly killed: { readonly postgres: number; readonly broker: number };
  /** Promises that were not kept, as sentences. */
  readonly broken: readonly string[];
}

/** What operators are promised once the database is back. */
const RECOVERY_MS = 5_000;

/** A process starts when the machine lets it; nothing is promised. */
const START_MS = 60_000;

interface Running {
  readonly postgres: EmbeddedPostgres;
  readonly deployment: Deployment;
  readonly brokers: BrokerProcess[];
}

/**
 * Kills Postgres and brokers with SIGKILL, in turn, while tokens are exchanged and spent over two brokers, and then
 * holds what callers heard against the record.
 *
 * Fails  Error when a caller heard what nobody may hear, or a survivor does not serve again in time
 */
export async function runCrashes(options: CrashOptions): Promise<CrashOutcome> {
  const postgres = await startEmbeddedPostgres({ env: process.env, durable: true });
  try {
    const deployment = await deploy({ databaseUrl: postgres.url, brokers: 2 });
    const running: Running = { postgres, deployment, brokers: [...deployment.brokers] };
    try {
      const history = new History();
      const killed = await killUnderLoad(running, history, options);
      return { history, killed, broken: await brokenPromises(postgres.url, history) };
    } finally {
      await Promise.all(running.brokers.map((broker) => broker.stop('SIGKILL')));
      await deployment.issuerServer.stop();
    }
  } finally {
    await postgres.stop();
  }
}

async function killUnderLoad(
  running: Running,
  history: History,
  { kills, workers, loadMs, onKill }: CrashOptions,
): Promise<CrashOutcome['killed']> {
  const killed = { postgres: 0, broker: 0 };
  let isOver = false;
  const load = Promise.all(
    Array.from({ length: workers }, () => work(running.deployment, history, () => isOver)),
  ).then(() => undefined);
  const underLoad = (): Promise<void> => Promise.race([sleep(loadMs * (1 + Math.random() / 2)), load]);
  try {
    for (let kill = 0; kill < kills; kill++) {
      await underLoad();
      const victim = kill % 3 === 2 ? 'broker' : 'postgres';
      const recoveryMs =
        victim === 'postgres' ? await killPostgres(running) : await killBroker(running, kill % 2);
      killed[victim]++;
      onKill(`kill ${kill + 1} of ${kills}: ${victim}, serving again after ${recoveryMs.toFixed(0)} ms`);
    }
    await underLoad();
  } finally {
    isOver = true;
    await load;
  }
  return killed;
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
  await again.ready(START_MS);
  return performance.now() - startedAt;
}
