import { DataSource, MigrationExecutor } from 'typeorm';
import { MIGRATIONS } from '../../../migrations/index.ts';

/** One number for all of Oncekey: whoever migrates holds the advisory lock of this name. */
const MIGRATION_LOCK = "hashtextextended('oncekey.migrate', 0)";

/**
 * Brings the database up to date and tells what it ran. Any number of processes may call it at once: one works, the
 * others wait and find nothing left to do. Lock and migrations share one connection, so that losing the lock is
 * losing the migration too.
 *
 * Fails  Error of the driver; migrations that ran before the failing one stay
 */
export async function migrate(url: string): Promise<readonly string[]> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    poolSize: 1,
    applicationName: 'oncekey-migrate',
    connectTimeoutMS: 5_000,
    migrations: [...MIGRATIONS],
    logging: false,
    extra: { keepAlive: true },
  });
  await dataSource.initialize();
  const connection = dataSource.createQueryRunner();
  try {
    await connection.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    const executor = new MigrationExecutor(dataSource, connection);
    executor.transaction = 'each';
    const ran = await executor.executePendingMigrations();
    return ran.map(({ name }) => name);
  } finally {
    // Closing the connection gives the lock back.
    await connection.release();
    await dataSource.destroy();
  }
}
