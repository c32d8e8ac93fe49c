import { AggregatorRegistry } from 'prom-client';
import { runWorkers, serveMetrics, type RunningProcess } from '#http';
import type { Logger } from 'pino';
import type { BrokerConfiguration } from './config.ts';

export interface PrimaryParts {
  readonly configuration: BrokerConfiguration;
  readonly log: Logger;
  readonly onHopeless: (error: unknown) => void;
}

/** Brokers that share a port, and the metrics of all of them on another. */
export async function runPrimary({ configuration, log, onHopeless }: PrimaryParts): Promise<RunningProcess> {
  const { host, metricsPort, workers: count } = configuration;
  const workers = await runWorkers(log, count, onHopeless);
  log.info({ workers: count }, 'workers are listening');
  if (metricsPort === undefined) return workers;
  const all = new AggregatorRegistry();
  const metrics = await serveMetrics({ host, port: metricsPort }, () => all.clusterMetrics());
  return {
    stop: async () => {
      await workers.stop();
      await metrics.stop();
    },
  };
}
