import { join } from 'node:path';

/** Where a running quickstart leaves what scripts need. Everything in it is private to its owner. */
export interface QuickstartFolder {
  readonly path: string;
  /** URLs, ids and file names; holds no secret itself. */
  readonly environment: string;
  readonly clientKey: string;
  readonly resourceServerKey: string;
  /** URL of the embedded database, with its password. */
  readonly databaseUrl: string;
  /** The generated key-encryption key. */
  readonly keyEncryptionKey: string;
  /** Registrations in the format of `oncekey seed`. */
  readonly registrations: string;
  readonly logs: string;
}

export function quickstartFolder(path: string): QuickstartFolder {
  return {
    path,
    environment: join(path, 'env.json'),
    clientKey: join(path, 'client.jwk.json'),
    resourceServerKey: join(path, 'resource-server.jwk.json'),
    databaseUrl: join(path, 'database-url'),
    keyEncryptionKey: join(path, 'kek'),
    registrations: join(path, 'registrations'),
    logs: join(path, 'logs'),
  };
}
