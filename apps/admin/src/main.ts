import { createLogger, refuseToStart, runProcess } from '#http';
import { readAdminConfiguration } from './config.ts';
import { createApp } from './create-app.ts';
import { AdminWiring } from './wiring/admin-wiring.ts';

async function main(): Promise<void> {
  const configuration = readAdminConfiguration();
  const { logLevel: level, secrets, host, port, adminUrl } = configuration;
  const log = createLogger({ name: 'admin', level, secrets });

  await runProcess(log, async () => {
    const app = await createApp(AdminWiring.of(configuration, log), adminUrl, log);
    await app.listen({ host, port });
    log.info({ host, port }, 'listening');
    return { stop: () => app.close() };
  });
}

main().catch(refuseToStart);
