import { startEmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';

/** A server on which tests may make and drop databases as they like. */
export interface TestServer {
  /** Names a database that exists, and a user who may create others. */
  readonly url: string;
  readonly origin: string;
  /** It is not ours: what the tests made has to be cleared away. */
  readonly outlivesTests: boolean;
  stop(): Promise<void>;
}

/** Enough for several processes with a pool each, over all workers. */
const MAX_CONNECTIONS = 300;

/** A server that is named, else a container, else the embedded one. */
export async function startTestServer(env: NodeJS.ProcessEnv): Promise<TestServer> {
  const named = env['TEST_DATABASE_URL'];
  if (named !== undefined && named !== '') {
    return { url: named, origin: 'TEST_DATABASE_URL', outlivesTests: true, stop: () => Promise.resolve() };
  }
  return (await startContainer(env)) ?? (await startEmbedded(env));
}

/** A runtime that swallows what it is sent must not hold up the tests. */
const RUNTIME_TIMEOUT_MS = 3_000;

async function startContainer(env: NodeJS.ProcessEnv): Promise<TestServer | null> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  let timer: NodeJS.Timeout | undefined;
  const answers = await Promise.race([
    getContainerRuntimeClient().then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), RUNTIME_TIMEOUT_MS))),
  ]);
  clearTimeout(timer);
  if (!answers) return null;

  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const settings = ['fsync=off', 'synchronous_commit=off', `max_connections=${MAX_CONNECTIONS}`];
  const container = await new PostgreSqlContainer(env['TEST_POSTGRES_IMAGE'] ?? 'postgres:18-alpine')
    .withCommand(['postgres', ...settings.flatMap((setting) => ['-c', setting])])
    .start();
  return {
    url: container.getConnectionUri(),
    origin: 'a container',
    outlivesTests: false,
    stop: async () => void (await container.stop()),
  };
}

async function startEmbedded(env: NodeJS.ProcessEnv): Promise<TestServer> {
  const server = await startEmbeddedPostgres({ env, conf: { max_connections: MAX_CONNECTIONS } });
  return {
    url: server.url,
    origin: 'the embedded Postgres',
    outlivesTests: false,
    stop: () => server.stop(),
  };
}
