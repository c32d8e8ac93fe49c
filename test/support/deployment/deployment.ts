import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerProcess } from './broker-process.ts';
import { freePort } from './free-port.ts';
import { IssuerServer } from './issuer-server.ts';
import { runNode } from './node-process.ts';
import { makeSigningKey, type SigningKey } from './signing-key.ts';

/** The API of every deployment; nothing listens there, since what is tested is the broker. */
export const API = 'https://api.example/v1';

/** Another API, with keys of its own: a stranger to tokens for the first. */
export const OTHER_API = 'https://other.example/';

/** An API that checks proofs itself and tells nothing of the request. */
export const SELF_API = 'https://self.example/';

/** An API that takes bearer tokens, for software that proves no key. */
export const PLAIN_API = 'https://plain.example/';

interface DeploymentKeys {
  readonly client: SigningKey;
  readonly secondClient: SigningKey;
  readonly server: SigningKey;
  readonly otherServer: SigningKey;
  readonly selfServer: SigningKey;
  readonly plainServer: SigningKey;
}

export interface DeploymentOptions {
  /** Of a database with every migration. */
  readonly databaseUrl: string;
  readonly brokers?: number;
  /** More Cedar policies, by id. */
  readonly policies?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** More clients, as registrations have them; `issuer` is the broker's. */
  readonly clients?: (issuer: string) => readonly object[];
  /** More identity providers, as registrations have them. */
  readonly providers?: readonly object[];
  /** What is otherwise about how the identity provider tells of events. */
  readonly events?: object;
  /** What is otherwise about resource servers, by id. */
  readonly servers?: Readonly<Record<string, object>>;
  /** For the brokers' Node: `--cpu-prof`, for one. */
  readonly nodeFlags?: readonly string[];
}

/** On a busy machine everybody waits, and tests send more than anybody would: only those of overload set limits. */
const NO_LIMITS = {
  ONCEKEY_MAX_IN_FLIGHT: '4096',
  ONCEKEY_MAX_WAITING: '65536',
  ONCEKEY_MAX_WAIT_MS: '60000',
  ONCEKEY_CLIENT_REQUESTS_PER_SECOND: '1000000',
  ONCEKEY_CLIENT_BURST: '1000000',
  ONCEKEY_RESOURCE_SERVER_REQUESTS_PER_SECOND: '1000000',
  ONCEKEY_RESOURCE_SERVER_BURST: '1000000',
  ONCEKEY_SOURCE_FAILURES_PER_SECOND: '1000000',
  ONCEKEY_SOURCE_FAILURE_BURST: '1000000',
};

const CATALOG = `
apis:
  - id: orders
    operations:
      - { id: orders.read, method: GET, path: '/orders/{id}', tags: [read] }
      - { id: orders.refund, method: POST, path: '/orders/{id}/refund', tags: [write] }
      - { id: orders.brief, method: POST, path: '/orders/{id}/brief', tags: [write] }
      - { id: orders.secure, method: POST, path: '/orders/{id}/secure', tags: [write] }
  - id: other
    operations:
      - { id: other.read, method: GET, path: '/things/{id}', tags: [read] }
  - id: self
    operations:
      - { id: self.refund, method: POST, path: '/orders/{id}/refund', tags: [write] }
  - id: plain
    operations:
      - { id: plain.read, method: GET, path: '/things/{id}', tags: [read] }
claimed:
  reason: String
`;

const POLICIES: Readonly<Record<string, string>> = {
  'support-writes': `@ttl("300") @digest("required")
permit (principal in Group::"support", action == Action::"orders.refund", resource == Api::"orders");`,
  'support-brief': `@ttl("1")
permit (principal in Group::"support", action == Action::"orders.brief", resource == Api::"orders");`,
  'support-secure': `@acr("phr") @max_auth_age("300")
permit (principal in Group::"support", action == Action::"orders.secure", resource == Api::"orders");`,
  'everybody-reads': `permit (principal, action in Action::"tag:read", resource);`,
  'self-writes': `@ttl("300")
permit (principal in Group::"support", action == Action::"self.refund", resource == Api::"self");`,
};

/** Brokers on one database, with an identity provider that the test controls. */
export interface Deployment {
  readonly issuerServer: IssuerServer;
  readonly keys: DeploymentKeys;
  readonly brokers: readonly BrokerProcess[];
  readonly env: Readonly<Record<string, string>>;
  /** Issuer identifier: the first broker's address. */
  readonly issuer: string;
  /** Loads registrations and policies again, with these policies besides the usual ones. */
  seed(policies: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** Seeds the database with the command line tool, and starts brokers on it. */
export async function deploy(options: DeploymentOptions): Promise<Deployment> {
  const issuerServer = await IssuerServer.start();
  try {
    return await deployBeside(issuerServer, options);
  } catch (error) {
    await issuerServer.stop();
    throw error;
  }
}

/** Whatever fails here leaves the identity provider, and nothing else, to be stopped. */
async function deployBeside(issuerServer: IssuerServer, options: DeploymentOptions): Promise<Deployment> {
  const keys: DeploymentKeys = {
    client: makeSigningKey(),
    secondClient: makeSigningKey('EdDSA'),
    server: makeSigningKey(),
    otherServer: makeSigningKey(),
    selfServer: makeSigningKey(),
    plainServer: makeSigningKey(),
  };
  const ports = await Promise.all(Array.from({ length: options.brokers ?? 1 }, freePort));
  const issuer = `http://127.0.0.1:${ports[0]}`;
  const env = {
    DATABASE_URL: options.databaseUrl,
    ONCEKEY_ISSUER: issuer,
    ONCEKEY_KEK: randomBytes(32).toString('base64url'),
    ONCEKEY_DEVELOPMENT: 'true',
    ONCEKEY_LOG_LEVEL: 'warn',
    ...NO_LIMITS,
    ...options.env,
  };
  const seed = async (policies: Readonly<Record<string, string>>): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'oncekey-seed-'));
    try {
      const clients = options.clients?.(issuer) ?? [];
      const { servers = {}, providers = [], events = {} } = options;
      const registered = { issuerServer, keys, clients, providers, servers, events };
      writeSeed(folder, { ...registered, policies: { ...POLICIES, ...policies } });
      await runNode(['apps/cli/src/main.js', 'seed', folder], env);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  await seed(options.policies ?? {});
  const brokers = ports.map((port) => BrokerProcess.start(port, env, options.nodeFlags));
  const stopBrokers = (): Promise<unknown> => Promise.all(brokers.map((broker) => broker.stop()));
  try {
    await Promise.all(brokers.map((broker) => broker.ready()));
  } catch (error) {
    await stopBrokers();
    throw error;
  }
  const stop = async (): Promise<void> => {
    await Promise.all([stopBrokers(), issuerServer.stop()]);
  };
  return { issuerServer, keys, brokers, env, issuer, seed, stop };
}

interface Seed {
  readonly issuerServer: IssuerServer;
  readonly keys: DeploymentKeys;
  readonly clients: readonly object[];
  readonly providers: readonly object[];
  readonly servers: Readonly<Record<string, object>>;
  readonly events: object;
  readonly policies: Readonly<Record<string, string>>;
}

/** JSON is YAML: the files of a seed folder can be written as either. */
function writeSeed(folder: string, { issuerServer, keys, policies, ...more }: Seed): void {
  const { clients, providers, servers, events } = more;
  const write = (name: string, content: unknown): void =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  const jwks = ({ publicJwk }: SigningKey): object => ({ keys: [publicJwk] });
  write('identity-providers.yaml', [
    { id: 'corp', issuer: issuerServer.url, groups_claim: 'groups', events: { devices: true, ...events } },
    ...providers,
  ]);
  write('resource-servers.yaml', [
    { id: 'orders', client_id: 'orders-api', resource: API, jwks: jwks(keys.server), ...servers['orders'] },
    {
      id: 'other',
      client_id: 'other-api',
      resource: OTHER_API,
      jwks: jwks(keys.otherServer),
      ...servers['other'],
    },
    { id: 'self', client_id: 'self-api', resource: SELF_API, jwks: jwks(keys.selfServer), binding: 'self' },
    { id: 'plain', client_id: 'plain-api', resource: PLAIN_API, jwks: jwks(keys.plainServer), proof: 'none' },
  ]);
  const client = (clientId: string, key: SigningKey): object => ({
    client_id: clientId,
    jwks: jwks(key),
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders', 'other', 'self', 'plain'],
    actors: [{ id: 'corp', audiences: ['agents'], subjects: ['agent-7', 'agent-8'] }],
  });
  write('clients.yaml', [client('desk', keys.client), client('kiosk', keys.secondClient), ...clients]);
  write('catalog.yaml', CATALOG);
  for (const [id, cedar] of Object.entries(policies)) write(`${id}.cedar`, cedar);
}
