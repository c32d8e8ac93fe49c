import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { brokenPromises } from '../crash/check-history.ts';
import { History } from '../crash/history.ts';
import { work } from '../crash/workload.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { migrate } from '../support/deployment/migrate.ts';
import { startFreezableProxy, type FreezableProxy } from '../support/freezable-proxy.ts';
import { attachStandby, REPLICATED, type Standby } from './standby.ts';

export interface FailoverOptions {
  readonly failovers: number;
  readonly workers: number;
  /** Time of load before each failover. */
  readonly loadMs: number;
  readonly onFailover: (measured: FailoverTimes) => void;
}

/** Milliseconds from the death of the primary. */
export interface FailoverTimes {
  /** Until the standby took writes. */
  readonly promotedMs: number;
  /** Until every broker was ready again. */
  readonly servingMs: number;
}

export interface FailoverOutcome {
  readonly history: History;
  /** Promises that were not kept, as sentences. */
  readonly broken: readonly string[];
}

/** What operators are promised once there is a database again; a busy machine is given more. */
const RECOVERY_MS = 15_000;

interface Running {
  readonly deployment: Deployment;
  /** The one address that brokers know of their database. */
  readonly address: FreezableProxy;
  readonly stops: (() => Promise<void>)[];
}

/**
 * Kills the primary of a pair of databases with SIGKILL while tokens are exchanged and spent over two brokers, promotes
 * its synchronous standby and leads the brokers there; then gives the new primary another standby and begins anew. In
 * the end it holds what callers heard against the record of the last primary.
 *
 * Fails  Error when a caller heard what nobody may hear, or a broker does not serve again in time
 */
export async function runFailovers(options: FailoverOptions): Promise<FailoverOutcome> {
  const stops: (() => Promise<void>)[] = [];
  try {
    const first = await startEmbeddedPostgres({ env: process.env, durable: true, conf: REPLICATED });
    stops.push(() => first.stop());
    const address = await startFreezableProxy(first.port);
    stops.push(() => address.stop());
    const known = new URL(first.url);
    known.port = String(address.port);
    await migrate(known.href);
    const deployment = await deploy({ databaseUrl: known.href, brokers: 2 });
    stops.push(() => deployment.stop());
    const history = new History();
    const last = await failOverUnderLoad({ deployment, address, stops }, first, { history, ...options });
    return { history, broken: await brokenPromises(last.url, history) };
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

async function failOverUnderLoad(
  { deployment, address, stops }: Running,
  first: EmbeddedPostgres,
  { history, failovers, workers, loadMs, onFailover }: FailoverOptions & { readonly history: History },
): Promise<EmbeddedPostgres> {
  let primary = first;
  let isOver = false;
  const load = Promise.all(
    Array.from({ length: workers }, () => work(deployment, history, () => isOver)),
  ).then(() => undefined);
  const underLoad = (): Promise<void> => Promise.race([sleep(loadMs), load]);
  try {
    for (let turn = 0; turn < failovers; turn++) {
      const standby = await attachStandby(primary);
      stops.push(() => standby.stop());
      await underLoad();
      onFailover(await failOver(primary, standby, { deployment, address }));
      primary = standby.server;
    }
    await underLoad();
  } finally {
    isOver = true;
    await load;
  }
  return primary;
}

async function failOver(
  primary: EmbeddedPostgres,
  standby: Standby,
  { deployment, address }: Pick<Running, 'deployment' | 'address'>,
): Promise<FailoverTimes> {
  await primary.crash();
  const diedAt = performance.now();
  await standby.promote();
  const promotedMs = performance.now() - diedAt;
  address.leadTo(standby.server.port);
  await Promise.all(deployment.brokers.map((broker) => broker.ready(RECOVERY_MS)));
  return { promotedMs, servingMs: performance.now() - diedAt };
}
