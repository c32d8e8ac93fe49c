import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  makePrivateFolder,
  writePrivateFile,
  type QuickstartEnvironment,
  type QuickstartFolder,
} from '#quickstart';
import { stringify } from 'yaml';
import { TOY_USERS } from '../identity-provider/users.ts';
import { newKeyPair } from './new-key.ts';
import { IDS, registrationsOf } from './registrations.ts';
import type { Urls } from './urls.ts';

/** The broker knows by this beginning that the key is a quickstart's, and refuses it in production. */
const GENERATED = 'quickstart.';

const HEAD = '# Written by the quickstart at each start. The format: docs/registrations.md\n';

/**
 * Makes the private folder anew: keys, key-encryption key, registrations. `env.json` is taken away here and written
 * last of all, so that whoever finds it finds everything running.
 */
export async function prepareFolder(folder: QuickstartFolder, urls: Urls): Promise<void> {
  await makePrivateFolder(folder.path);
  await rm(folder.environment, { force: true });
  await rm(folder.registrations, { recursive: true, force: true });
  await mkdir(folder.registrations, { mode: 0o700 });
  await makePrivateFolder(folder.logs);
  const keys = { client: newKeyPair(), resourceServer: newKeyPair() };
  await Promise.all([
    writePrivateFile(folder.clientKey, json(keys.client.privateJwk)),
    writePrivateFile(folder.resourceServerKey, json(keys.resourceServer.privateJwk)),
    writePrivateFile(folder.keyEncryptionKey, `${GENERATED}${randomBytes(32).toString('base64url')}\n`),
    ...Object.entries(registrationsOf(urls, keys)).map(([name, documents]) =>
      writePrivateFile(join(folder.registrations, name), HEAD + stringify(documents)),
    ),
  ]);
}

/** `env.json` of a quickstart at these addresses. */
export function environmentOf(folder: QuickstartFolder, urls: Urls): QuickstartEnvironment {
  return {
    issuer: urls.broker,
    token_endpoint: `${urls.broker}/token`,
    introspection_endpoint: `${urls.broker}/introspect`,
    jwks_uri: `${urls.broker}/jwks`,
    admin_url: urls.admin,
    orders_url: urls.orders,
    identity_provider: {
      issuer: urls.identityProvider,
      client_id: IDS.application,
      users: TOY_USERS.map(({ name }) => name),
    },
    client: { client_id: IDS.client, private_jwk_file: folder.clientKey },
    resource_server: {
      client_id: IDS.ordersClient,
      resource: urls.orders,
      private_jwk_file: folder.resourceServerKey,
    },
  };
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
