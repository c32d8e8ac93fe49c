import { Client } from 'pg';
import { Caller, type Parameters } from '../support/deployment/caller.ts';
import type { Deployment } from '../support/deployment/deployment.ts';
import { NodeProcess } from '../support/deployment/node-process.ts';
import { eventually } from '../support/eventually.ts';
import type { Bench } from './bench.ts';
import type { BenchDeploymentOptions, RunningDeployment } from './deployments.ts';
import { drive } from './drive.ts';
import { persistently } from './persistently.ts';
import { prepareExchanges } from './prepare.ts';
import { Sender } from './send.ts';

/** In portions, so that no nonce and no assertion is too old when its turn comes. */
const PORTION = 1_000;
const START_MS = 60_000;

/** Brokers with everything that a load needs of them. */
export interface World {
  readonly bench: Bench;
  readonly deployment: Deployment;
  /** Where the API of a round trip has to listen. */
  readonly tripPort: number;
  /** Where the broker tells of itself; null where there are several. */
  readonly metricsPort: number | null;
  readonly caller: Caller;
  readonly broker: Sender;
  /** Starts a program below `dist/`, and waits until it says that it listens. It is stopped with the world. */
  readonly start: (program: readonly string[]) => Promise<NodeProcess>;
  /** A connection to one more server. */
  readonly sender: (url: string) => Sender;
  /** Behind the back of the brokers. */
  readonly database: () => Promise<Client>;
  /** Earns so many tokens. */
  readonly tokens: (count: number, changes?: Parameters) => Promise<string[]>;
}

/** More than a closed loop uses: arrivals wait for nobody, least of all for a connection. */
const CONNECTIONS = 256;

/** What `work` starts is stopped after it, and the brokers too where nobody else uses them. */
export async function withWorld<Outcome>(
  bench: Bench,
  options: BenchDeploymentOptions,
  work: (world: World) => Promise<Outcome>,
): Promise<Outcome> {
  return bench.deployments.use(options, async (running) => {
    const started: { stop(): Promise<unknown> }[] = [];
    try {
      return await sayingWhy(running.deployment, work(worldOf(bench, running, started)));
    } finally {
      await Promise.all(started.map((one) => one.stop()));
    }
  });
}

/** A bench that fails says what its brokers said last: the answer that it got does not tell the reason. */
async function sayingWhy<Outcome>(deployment: Deployment, work: Promise<Outcome>): Promise<Outcome> {
  try {
    return await work;
  } catch (error) {
    const said = deployment.brokers.map(({ node }) => node.output.slice(-4_000)).join('\n');
    throw new Error(`${String(error)}\nThe brokers said:\n${said}`, { cause: error });
  }
}

function worldOf(
  bench: Bench,
  { deployment, databaseUrl, tripPort, metricsPort }: RunningDeployment,
  started: { stop(): Promise<unknown> }[],
): World {
  const caller = new Caller(deployment);
  const sender = (url: string): Sender => {
    const made = new Sender(url, CONNECTIONS);
    started.push({ stop: () => made.close() });
    return made;
  };
  const broker = sender(caller.url);
  return {
    bench,
    deployment,
    tripPort,
    metricsPort,
    caller,
    broker,
    sender,
    start: async (program) => {
      const node = NodeProcess.start(program, {});
      started.push(node);
      await eventually(() => isListening(node), START_MS);
      return node;
    },
    database: async () => {
      const client = new Client({ connectionString: databaseUrl });
      await client.connect();
      started.push({ stop: () => client.end() });
      return client;
    },
    tokens: async (count, changes) => {
      const stock: string[] = [];
      while (stock.length < count) {
        const portion = await persistently(bench.say, async () => {
          await caller.learnNonce({ again: true });
          const requests = prepareExchanges(caller, Math.min(PORTION, count - stock.length), changes);
          return drive(broker.shots(requests, TOKEN), bench.options.connections);
        });
        for (const body of portion.bodies) stock.push(tokenIn(body));
      }
      return stock;
    },
  };
}

function isListening(node: NodeProcess): boolean {
  if (!node.isRunning) throw new Error(`a program ended before it listened\n${node.output}`);
  return node.output.includes('ready\n');
}

/** Fails  Error when it is no answer to an exchange */
export function tokenIn(body: string): string {
  const answer: unknown = JSON.parse(body);
  if (typeof answer !== 'object' || answer === null || !('access_token' in answer))
    throw new Error('an exchange was answered without a token');
  return String(answer.access_token);
}

export const TOKEN = { status: 200, body: '"access_token"' } as const;
export const ACTIVE = { status: 200, body: '"active":true' } as const;
