import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join, resolve } from 'node:path';
import { createGuard, oncekeyHttp, type Grant } from '#resource-server';
import { bundledExample } from './bundled-example.ts';
import { BrokerProcess } from './deployment/broker-process.ts';
import { freePort } from './deployment/free-port.ts';
import { NodeProcess } from './deployment/node-process.ts';
import { seedFiles } from './deployment/seed-files.ts';
import { makeSigningKey } from './deployment/signing-key.ts';
import { freshDatabase } from './fresh-database.ts';

/** A call that the API of a recipe has served. */
interface ServedCall {
  readonly grant: Grant;
  readonly body: string;
}

/** A folder of `examples`, with a broker that holds its registrations and an API behind a guard. */
export interface Recipe {
  readonly issuer: string;
  readonly api: string;
  readonly served: readonly ServedCall[];
  /** Starts a program of the folder as it stands there. */
  start(file: string, env: Readonly<Record<string, string>>): Promise<NodeProcess>;
  stop(): Promise<void>;
}

export interface RecipeOptions {
  /** Below `examples`; `registrations` in it are seeded. */
  readonly folder: string;
  /** The `client_id` and the `resource` of its API. */
  readonly server: { readonly clientId: string; readonly resource: string };
  /** What else of the registrations is something else here. */
  readonly places: Readonly<Record<string, string>>;
}

const REGISTERED_KEY = '{ kty: OKP, crv: Ed25519, x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo }';

export async function runRecipe({ folder, server, places }: RecipeOptions): Promise<Recipe> {
  const [brokerPort, apiPort] = [await freePort(), await freePort()];
  const issuer = `http://127.0.0.1:${brokerPort}`;
  const api = `http://127.0.0.1:${apiPort}`;
  const key = makeSigningKey();
  const changes = { [REGISTERED_KEY]: JSON.stringify(key.publicJwk), [server.resource]: api, ...places };
  const env = {
    DATABASE_URL: (await freshDatabase()).url,
    ONCEKEY_ISSUER: issuer,
    ONCEKEY_KEK: randomBytes(32).toString('base64url'),
    ONCEKEY_DEVELOPMENT: 'true',
    ONCEKEY_LOG_LEVEL: 'warn',
  };
  await seedFiles(registrationsIn(resolve('examples', folder, 'registrations'), changes), env);
  const broker = BrokerProcess.start(brokerPort, env);

  const served: ServedCall[] = [];
  const guard = createGuard({
    issuer,
    clientId: server.clientId,
    privateKey: key.privateKey,
    keyId: key.kid,
    resource: api,
  });
  const listener = oncekeyHttp({ guard }, (_request: IncomingMessage, response, { grant, body }) => {
    served.push({ grant, body: body.toString() });
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"done":true}');
  });
  const http = createServer((request, response) => void listener(request, response));
  await new Promise<void>((listening) => http.listen(apiPort, '127.0.0.1', listening));
  const stop = async (): Promise<void> => {
    guard.close();
    http.closeAllConnections();
    await Promise.all([broker.stop(), new Promise((closed) => http.close(closed))]);
  };
  await broker.ready().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const start = async (file: string, variables: Readonly<Record<string, string>>): Promise<NodeProcess> =>
    NodeProcess.start([await bundledExample(join(folder, file))], variables);
  return { issuer, api, served, start, stop };
}

function registrationsIn(folder: string, changes: Readonly<Record<string, string>>): Record<string, string> {
  const used = new Set<string>();
  const files = readdirSync(folder).map((name): [string, string] => {
    let text = readFileSync(join(folder, name), 'utf8');
    for (const [from, to] of Object.entries(changes)) {
      if (text.includes(from)) used.add(from);
      text = text.replaceAll(from, to);
    }
    return [name, text];
  });
  for (const from of Object.keys(changes)) {
    if (!used.has(from)) throw new Error(`${folder} has no ${from}`);
  }
  return Object.fromEntries(files);
}
