import { once } from 'node:events';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from './redis-address.ts';

/** The server, or all servers of a cluster as if they were one. */
export type RedisClient = Redis | Cluster;

/** What takes longer is given up, and its outcome unknown. Less than a batch of the ledger is given. */
const COMMAND_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 1_000;
const RECONNECT_AFTER_MS = 100;
/** Tells a cluster's new masters where no connection breaks, because the old one hangs. */
const LOOK_FOR_MASTERS_EVERY_MS = 1_000;
/** A connection on which nothing comes back for so long is no longer one. */
const SILENCE_MS = 2_000;

/**
 * INVARIANT: nothing is ever sent a second time by itself. A command whose connection broke may have been carried out,
 * and its repetition would find a token spent that it spent itself.
 */
const SEND_ONCE = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
} as const satisfies RedisOptions;

/** Connects in the background, and again whenever it has to. */
export function connect(address: RedisAddress, onError: (error: unknown) => void): RedisClient {
  const client = address.isCluster ? clusterOf(address) : serverOf(address);
  client.on('error', onError);
  return client;
}

/** Resolves when the client can be used, when it meets trouble, or after the time that connecting may take. */
export async function whenConnected(client: RedisClient): Promise<void> {
  if (client.status === 'ready') return;
  const isOver = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  // Trouble is told to whoever asks for something next.
  await Promise.allSettled([once(client, 'ready', { signal: isOver })]);
}

function serverOf(address: RedisAddress): Redis {
  const [node] = address.nodes;
  return new Redis({
    ...optionsOf(address),
    ...node,
    db: address.database,
    retryStrategy: () => RECONNECT_AFTER_MS,
    // Behind a name that moves, a former master may still hold the connection.
    reconnectOnError: ({ message }) => /^(?:READONLY|NOTMASTER)/.test(message),
  });
}

function clusterOf(address: RedisAddress): Cluster {
  return new Cluster([...address.nodes], {
    ...(address.usesTls ? { dnsLookup: (host, found): void => found(null, host) } : {}),
    redisOptions: optionsOf(address),
    enableOfflineQueue: false,
    clusterRetryStrategy: () => RECONNECT_AFTER_MS,
    retryDelayOnFailover: 0,
    slotsRefreshInterval: LOOK_FOR_MASTERS_EVERY_MS,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
  });
}

function optionsOf({ username, password, usesTls }: RedisAddress): RedisOptions {
  return {
    ...SEND_ONCE,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(usesTls ? { tls: {} } : {}),
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    connectionName: 'oncekey-broker',
  };
}
