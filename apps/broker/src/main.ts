import cluster from 'node:cluster';
import { createLogger, refuseToStart, runProcess } from '#http';
import { readBrokerConfiguration } from './config.ts';
import { runPrimary } from './run-primary.ts';
import { configuredKek } from './wiring/configured-kek.ts';
import { configuredRedis, secretsOf } from './wiring/configured-redis.ts';
import { runBroker } from './wiring/run-broker.ts';

async function main(): Promise<void> {
  const configuration = readBrokerConfiguration();
  const { kek, text } = configuredKek(configuration);
  const redis = configuredRedis(configuration);
  const { logLevel: level, secrets, workers } = configuration;
  const log = createLogger({ name: 'broker', level, secrets: [...secrets, text, ...secretsOf(redis)] });
  await runProcess(log, (onHopeless) =>
    workers > 1 && cluster.isPrimary
      ? runPrimary({ configuration, log, onHopeless })
      : runBroker({ configuration, kek, redis, log, onHopeless }),
  );
}

main().catch(refuseToStart);
