import { createLogger, refuseToStart, runProcess } from '#http';
import { readBrokerConfiguration } from './config.ts';
import { createApp } from './create-app.ts';
import { edgeOf } from './edge.ts';
import { BrokerWiring } from './wiring/broker-wiring.ts';
import { configuredKek } from './wiring/configured-kek.ts';

async function main(): Promise<void> {
  const configuration = readBrokerConfiguration();
  const { kek, text } = configuredKek(configuration);
  const { logLevel: level, secrets, host, port } = configuration;
  const log = createLogger({ name: 'broker', level, secrets: [...secrets, text] });

  await runProcess(log, async (onHopeless) => {
    const wiring = BrokerWiring.of({ configuration, kek, log, onHopeless });
    const app = await createApp(wiring, edgeOf(configuration), log);
    await app.listen({ host, port });
    log.info({ host, port, issuer: configuration.issuer }, 'listening');
    return { stop: () => app.close() };
  });
}

main().catch(refuseToStart);
