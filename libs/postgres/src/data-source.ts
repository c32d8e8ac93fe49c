import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { asRole, withSettings, type DatabaseRole } from './database-role.ts';
import { ENTITIES } from './entities/index.ts';

export interface DataSourceOptions {
  readonly url: string;
  /** Most connections of this process. */
  readonly poolSize: number;
  /** So many are kept while nobody needs them; the others are closed after ten seconds. Default 0. */
  readonly keptConnections?: number;
  /** As it appears in `pg_stat_activity`. */
  readonly applicationName: string;
  /** What its connections may do. Null, the default: all that the user of the URL may. */
  readonly role?: DatabaseRole | null;
  /** Of the server, for each connection: names and values of `SET`. Default: none. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Hears when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError?: (error: unknown) => void;
}

/** The server gives up a statement after this time. */
export const STATEMENT_TIMEOUT_MS = 2_000;

/** We give up waiting for an answer a little later: the server may be gone without a word. */
const ANSWER_TIMEOUT_MS = 2_500;

const CONNECT_TIMEOUT_MS = 1_000;

/** Not connected yet; `initialize` does that. It never changes the schema: see `migrate`. */
export function oncekeyDataSource(options: DataSourceOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: withSettings(asRole(options.url, options.role ?? null), options.settings ?? {}),
    poolSize: options.poolSize,
    applicationName: options.applicationName,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    poolErrorHandler: options.onIdleError ?? ((): void => undefined),
    entities: [...ENTITIES],
    synchronize: false,
    logging: false,
    extra: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
      min: options.keptConnections ?? 0,
      // Statements that do not wait for one another's answers share a round trip.
      pipeline: true,
    },
  });
}

/**
 * The `pg` pool below a data source, for named statements.
 *
 * Fails  Error when the data source is not one of Postgres, or not initialized
 */
export function poolOf({ driver }: DataSource): Pool {
  if ('master' in driver && driver.master instanceof Pool) return driver.master;
  throw new Error('the data source has no Postgres pool; initialize it first');
}
