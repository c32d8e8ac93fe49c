import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { BrokerProcess } from '../support/deployment/broker-process.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { migrate } from '../support/deployment/migrate.ts';
import { eventually } from '../support/eventually.ts';
import { startLedger, type CrashableLedger, type LedgerKind } from './crashable-ledger.ts';
import { brokenPromises } from './check-history.ts';
import { History } from './history.ts';
import { work } from './workload.ts';

export interface CrashOptions {
  readonly ledger: LedgerKind;
  readonly kills: number;
  readonly workers: number;
  /** Shortest time of load between two kills; up to half as long again is added at random. */
  readonly loadMs: number;
  readonly onKill: (line: string) => void;
}

export interface CrashOutcome {
  readonly history: History;
  /** How often each was killed. */
  readonly killed: Readonly<Record<Victim, number>>;
  /** Promises that were not kept, as sentences. */
  readonly broken: readonly string[];
}

/** What operators are promised once the database is back. */
const RECOVERY_MS = 5_000;

/** A process starts when the machine lets it; nothing is promised. */
const START_MS = 60_000;

/** Spends and refusals before the next kill, however slow the machine is: a kill amid nothing shows nothing. */
const ANSWERED_BETWEEN_KILLS = 10;

type Victim = 'postgres' | 'broker' | 'ledger';

/** Who is killed, in turn. A ledger in the database goes down with it. */
const TURNS: Readonly<Record<LedgerKind, readonly Victim[]>> = {
  postgres: ['postgres', 'postgres', 'broker'],
  redis: ['ledger', 'postgres', 'ledger', 'broker'],
  cluster: ['ledger', 'ledger', 'postgres', 'broker'],
};

interface Running {
  readonly ledger: CrashableLedger;
  readonly postgres: EmbeddedPostgres;
  readonly deployment: Deployment;
  readonly brokers: BrokerProcess[];
}

/**
 * Kills Postgres, brokers and the ledger's servers with SIGKILL, in turn, while tokens are exchanged and spent over two brokers, and then
 * holds what callers heard against the record.
 *
 * Fails  Error when a caller heard what nobody may hear, or a survivor does not serve again in time
 */
export async function runCrashes(options: CrashOptions): Promise<CrashOutcome> {
  const postgres = await startEmbeddedPostgres({ env: process.env, durable: true });
  const ledger = await startLedger(options.ledger);
  try {
    const env: Record<string, string> = ledger.url === null ? {} : { ONCEKEY_LEDGER_URL: ledger.url };
    await migrate(postgres.url);
    const deployment = await deploy({ databaseUrl: postgres.url, brokers: 2, env });
    const running: Running = { ledger, postgres, deployment, brokers: [...deployment.brokers] };
    try {
      const history = new History();
      const killed = await killUnderLoad(running, history, options);
      return { history, killed, broken: await brokenPromises(postgres.url, history) };
    } finally {
      await Promise.all(running.brokers.map((broker) => broker.stop('SIGKILL')));
      await deployment.issuerServer.stop();
    }
  } finally {
    await Promise.all([ledger.stop(), postgres.stop()]);
  }
}

async function killUnderLoad(
  running: Running,
  history: History,
  { ledger, kills, workers, loadMs, onKill }: CrashOptions,
): Promise<CrashOutcome['killed']> {
  const killed = { postgres: 0, broker: 0, ledger: 0 };
  let isOver = false;
  const load = Promise.all(
    Array.from({ length: workers }, () => work(running.deployment, history, () => isOver)),
  ).then(() => undefined);
  const underLoad = async (): Promise<void> => {
    const answered = history.leastAnswered;
    await Promise.race([sleep(loadMs * (1 + Math.random() / 2)), load]);
    await Promise.race([
      eventually(() => history.leastAnswered > answered + ANSWERED_BETWEEN_KILLS, START_MS),
      load,
    ]);
  };
  try {
    for (let kill = 0; kill < kills; kill++) {
      await underLoad();
      const victim = TURNS[ledger][kill % TURNS[ledger].length] ?? 'broker';
      const recoveryMs = await killOne(running, victim, kill % 2);
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

/** Milliseconds until everything served again. */
async function killOne(running: Running, victim: Victim, broker: number): Promise<number> {
  switch (victim) {
    case 'postgres':
      return killPostgres(running);
    case 'broker':
      return killBroker(running, broker);
    case 'ledger':
      return running.ledger.crash(() => allReady(running));
  }
}

async function allReady({ brokers }: Running): Promise<void> {
  await Promise.all(brokers.map((broker) => broker.ready(RECOVERY_MS)));
}

async function killPostgres(running: Running): Promise<number> {
  const { postgres } = running;
  await postgres.crash();
  await sleep(300);
  await postgres.restart();
  const backAt = performance.now();
  await allReady(running);
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
