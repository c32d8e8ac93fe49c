import { Client } from 'pg';
import { Caller, type Parameters } from '../support/deployment/caller.ts';
import { deploy, type Deployment, type DeploymentOptions } from '../support/deployment/deployment.ts';
import { NodeProcess } from '../support/deployment/node-process.ts';
import { eventually } from '../support/eventually.ts';
import type { Bench } from './bench.ts';
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
  readonly databaseUrl: string;
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

/** One client and one resource server do all the work: the quotas that keep such ones down are out of the way. */
const NO_QUOTAS = {
  ONCEKEY_CLIENT_REQUESTS_PER_SECOND: '100000',
  ONCEKEY_RESOURCE_SERVER_REQUESTS_PER_SECOND: '100000',
};

export async function withWorld<Outcome>(
  bench: Bench,
  options: Omit<DeploymentOptions, 'databaseUrl'>,
  work: (world: World) => Promise<Outcome>,
): Promise<Outcome> {
  return bench.onDatabase(async (databaseUrl) => {
    const started: { stop(): Promise<unknown> }[] = [];
    try {
      const deployment = await deploy({ databaseUrl, ...options, env: { ...NO_QUOTAS, ...options.env } });
      started.push(deployment);
      await everyWorkerReady(deployment);
      return await sayingWhy(deployment, work(worldOf(bench, deployment, databaseUrl, started)));
    } finally {
      await Promise.all(started.map((one) => one.stop()));
    }
  });
}

/** Workers share a port and take connections in turn; one that has not started yet answers 503. */
async function everyWorkerReady({ env, brokers }: Deployment): Promise<void> {
  const workers = Number(env['ONCEKEY_WORKERS'] ?? 1);
  for (const { url } of brokers) await eventually(() => isReadySoOften(url, 2 * workers), START_MS);
}

/** Each time on a connection of its own. */
async function isReadySoOften(url: string, times: number): Promise<boolean> {
  for (let time = 0; time < times; time++) {
    const { status } = await fetch(`${url}/readyz`, { headers: { connection: 'close' } });
    if (status !== 200) return false;
  }
  return true;
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
  deployment: Deployment,
  databaseUrl: string,
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
    databaseUrl,
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
