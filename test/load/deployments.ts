import { setTimeout as sleep } from 'node:timers/promises';
import { deploy, type Deployment, type DeploymentOptions } from '../support/deployment/deployment.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { GATEWAY } from './loads/gateway.ts';

export type BenchDeploymentOptions = Pick<DeploymentOptions, 'brokers' | 'env' | 'nodeFlags'>;

/** Brokers on a database of their own. */
export interface RunningDeployment {
  readonly deployment: Deployment;
  readonly databaseUrl: string;
  /** Where the API of a round trip has to listen: it is registered before it runs. */
  readonly tripPort: number;
  /** Null where there are several brokers, which cannot share one. */
  readonly metricsPort: number | null;
  readonly stop: () => Promise<void>;
}

interface Database {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** One client and one resource server do all the work: the quotas that keep such ones down are out of the way. */
const NO_QUOTAS = {
  ONCEKEY_CLIENT_REQUESTS_PER_SECOND: '100000',
  ONCEKEY_RESOURCE_SERVER_REQUESTS_PER_SECOND: '100000',
};

/** Workers start when the machine lets them. */
const START_MS = 60_000;

/**
 * Starts deployments for sections: a new one for each, or, where nothing is measured in earnest, one for all that want
 * the same processes. Whatever any load needs is registered in all of them.
 */
export class Deployments {
  private readonly kept = new Map<string, Promise<RunningDeployment>>();

  constructor(
    private readonly newDatabase: () => Promise<Database>,
    private readonly keeps: boolean,
  ) {}

  async use<Outcome>(
    options: BenchDeploymentOptions,
    work: (running: RunningDeployment) => Promise<Outcome>,
  ): Promise<Outcome> {
    // A ledger elsewhere is somebody else's, who stops it.
    const isAlone = options.env?.['ONCEKEY_LEDGER_URL'] === undefined;
    if (this.keeps && isAlone) return work(await this.keptOne(options));
    const running = await this.start(options);
    try {
      return await work(running);
    } finally {
      await running.stop();
    }
  }

  async stop(): Promise<void> {
    const stopped = [...this.kept.values()].map(async (running) => (await running).stop());
    await Promise.allSettled(stopped);
  }

  private keptOne(options: BenchDeploymentOptions): Promise<RunningDeployment> {
    const key = `${options.brokers ?? 1} brokers, ${options.env?.['ONCEKEY_WORKERS'] ?? 1} workers`;
    const running = this.kept.get(key) ?? this.start(options);
    this.kept.set(key, running);
    return running;
  }

  private async start(options: BenchDeploymentOptions): Promise<RunningDeployment> {
    const database = await this.newDatabase();
    const started: { stop(): Promise<void> }[] = [];
    const stop = async (): Promise<void> => {
      for (const one of started) await one.stop();
      await database.drop();
    };
    try {
      const [tripPort, metricsPort] = [await freePort(), await freePort()];
      const isOne = (options.brokers ?? 1) === 1;
      const deployment = await deploy({
        ...options,
        databaseUrl: database.url,
        servers: {
          orders: { forward_auth: GATEWAY, caller_tokens: true },
          other: { resource: `http://127.0.0.1:${tripPort}/` },
        },
        env: {
          ...NO_QUOTAS,
          ...(isOne ? { ONCEKEY_METRICS_PORT: String(metricsPort) } : {}),
          ...options.env,
        },
      });
      started.push(deployment);
      await everyWorkerReady(deployment);
      return {
        deployment,
        databaseUrl: database.url,
        tripPort,
        metricsPort: isOne ? metricsPort : null,
        stop,
      };
    } catch (error) {
      await stop();
      throw error;
    }
  }
}

/** Workers share a port and take connections in turn; one that has not started yet answers 503. */
async function everyWorkerReady({ env, brokers }: Deployment): Promise<void> {
  const workers = Number(env['ONCEKEY_WORKERS'] ?? 1);
  const giveUpAt = performance.now() + START_MS;
  for (const { url } of brokers)
    while (!(await isReadySoOften(url, 2 * workers))) {
      if (performance.now() > giveUpAt) throw new Error(`not every worker at ${url} became ready`);
      await sleep(25);
    }
}

/** Each time on a connection of its own. */
async function isReadySoOften(url: string, times: number): Promise<boolean> {
  for (let time = 0; time < times; time++) {
    const { status } = await fetch(`${url}/readyz`, { headers: { connection: 'close' } });
    if (status !== 200) return false;
  }
  return true;
}
