import { join } from 'node:path';
import { writePrivateFile, type QuickstartFolder } from '#quickstart';
import { childSettings, PROJECT_ROOT } from '../config.ts';
import type { QuickstartSettings } from '../settings.ts';
import { IDS } from '../setup/registrations.ts';
import { environmentOf, json, prepareFolder } from '../setup/prepare-folder.ts';
import type { Urls } from '../setup/urls.ts';
import { answersOk } from './answers.ts';
import type { Household } from './household.ts';

/** Slow machines need a while; a broken start fails by itself long before. */
const PATIENCE_MS = 60_000;

const POLICIES = join(PROJECT_ROOT, 'policies');

interface Place {
  readonly settings: QuickstartSettings;
  readonly folder: QuickstartFolder;
  readonly urls: Urls;
}

/**
 * Brings everything up, as much of it at a time as can be, and writes `env.json` when all of it answers.
 *
 * Fails  Error with the last words of whatever did not start; then the household has to be stopped
 */
export async function startAll(household: Household, place: Place): Promise<void> {
  const { folder, urls } = place;
  await prepareFolder(folder, urls);
  await Promise.all([
    startIdentityProvider(household, place),
    startOrders(household, place),
    startDatabaseAndBroker(household, place),
  ]);
  await writePrivateFile(folder.environment, json(environmentOf(folder, urls)));
}

async function startIdentityProvider(household: Household, { settings, folder, urls }: Place): Promise<void> {
  const child = household.start({
    name: 'the toy identity provider',
    script: 'apps/quickstart/src/identity-provider/main.js',
    environment: childSettings({
      issuer: urls.identityProvider,
      port: String(settings.ports.identityProvider),
      clientId: IDS.application,
    }),
    logFile: join(folder.logs, 'identity-provider.log'),
  });
  await child.until(child.message());
}

async function startDatabaseAndBroker(household: Household, place: Place): Promise<void> {
  const { folder, urls } = place;
  const databaseUrl = await household.startPostgres();
  await writePrivateFile(folder.databaseUrl, `${databaseUrl}\n`);
  const environment = brokerEnvironment(databaseUrl, place);
  const oncekey = (name: string, ...args: string[]): Promise<void> =>
    household.run({
      name: `\`oncekey ${name}\``,
      script: 'apps/cli/src/main.js',
      args: [name, ...args],
      environment,
      logFile: join(folder.logs, `${name}.log`),
    });
  await oncekey('migrate');
  const broker = household.start({
    name: 'the broker',
    script: 'apps/broker/src/main.js',
    environment,
    logFile: join(folder.logs, 'broker.log'),
  });
  // Ada is bound before the admin process looks whether anybody is; else it would offer a first enrolment.
  await oncekey('seed', folder.registrations, POLICIES);
  const admin = household.start({
    name: 'the admin process',
    script: 'apps/admin/src/main.js',
    environment,
    logFile: join(folder.logs, 'admin.log'),
  });
  await Promise.all([
    broker.until(answersOk(`${urls.broker}/readyz`, PATIENCE_MS)),
    admin.until(answersOk(`${urls.admin}/readyz`, PATIENCE_MS)),
  ]);
}

/** It asks the broker only when it is called: it need not wait for it. */
async function startOrders(household: Household, { settings, folder, urls }: Place): Promise<void> {
  const child = household.start({
    name: 'the toy Orders API',
    script: 'apps/quickstart/src/orders/main.js',
    environment: childSettings({
      issuer: urls.broker,
      resource: urls.orders,
      port: String(settings.ports.orders),
      clientId: IDS.ordersClient,
      keyFile: folder.resourceServerKey,
    }),
    logFile: join(folder.logs, 'orders.log'),
  });
  await child.until(child.message());
}

function brokerEnvironment(databaseUrl: string, { settings, folder, urls }: Place): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    ONCEKEY_ISSUER: urls.broker,
    ONCEKEY_HOST: '127.0.0.1',
    ONCEKEY_PORT: String(settings.ports.broker),
    ONCEKEY_ADMIN_PORT: String(settings.ports.admin),
    ONCEKEY_ADMIN_URL: urls.admin,
    ONCEKEY_KEK_FILE: folder.keyEncryptionKey,
    ONCEKEY_DEVELOPMENT: 'true',
    ONCEKEY_LOG_LEVEL: 'info',
    ONCEKEY_MIGRATE: 'off',
  };
}
