import cluster from 'node:cluster';
import { MeteredCallers } from '#core';
import type { Kek } from '#crypto';
import { drained, ProcessMetrics, serveMetrics, type RunningProcess } from '#http';
import type { RedisAddress } from '#redis';
import type { Logger } from 'pino';
import type { BrokerConfiguration } from '../config.ts';
import { createApp } from '../create-app.ts';
import { edgeOf } from '../edge.ts';
import { Gate } from '../gate.ts';
import { serveCertificates } from '../serve-certificates.ts';
import { BrokerWiring } from './broker-wiring.ts';

export interface BrokerParts {
  readonly configuration: BrokerConfiguration;
  readonly kek: Kek;
  /** Where tokens are spent; null: in the database. */
  readonly redis: RedisAddress | null;
  readonly log: Logger;
  readonly onHopeless: (error: unknown) => void;
}

/** One broker, by itself or as one worker of several. */
export async function runBroker({
  configuration,
  kek,
  redis,
  log,
  onHopeless,
}: BrokerParts): Promise<RunningProcess> {
  const { host, port, metricsPort, issuer } = configuration;
  const metrics = new ProcessMetrics();
  const quotas = new MeteredCallers({
    defaults: { client: configuration.clientQuota, resource_server: configuration.resourceServerQuota },
    processes: configuration.workers,
    most: configuration.maxBuckets,
    elapsedMs: () => performance.now(),
    onRefused: (kind) => metrics.countTurnedAway(kind),
  });
  const wiring = BrokerWiring.of({ configuration, kek, redis, log, metrics, quotas, onHopeless });
  const edge = edgeOf(configuration);
  const gate = new Gate(configuration, { edge, metrics, log, quotas });
  const app = await createApp({ wiring, edge, gate, log, metrics });
  await app.listen({ host, port });
  const certified = await serveCertificates(
    app,
    (request, response) => gate.door.letsIn(request, response),
    configuration,
  );
  log.info({ host, port, mtlsPort: configuration.mtlsPort, issuer }, 'listening');
  const stop = async (): Promise<void> => {
    if (certified !== null) await drained(certified);
    await app.close();
  };
  // Of a worker the primary serves them, with those of the others.
  if (metricsPort === undefined || cluster.isWorker) return { stop };
  const served = await serveMetrics({ host, port: metricsPort }, () => metrics.text());
  return {
    stop: async () => {
      await stop();
      await served.stop();
    },
  };
}
