import { oncekeyDataSource, poolOf } from '#postgres';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { EXIT, Failure } from '../failure.ts';

/**
 * Does `work` on a small pool, and closes it.
 *
 * Fails  Failure when the database cannot be reached; what `work` throws
 */
export async function withPool<Outcome>(
  url: string,
  work: (pool: Pool, dataSource: DataSource) => Promise<Outcome>,
): Promise<Outcome> {
  const dataSource = oncekeyDataSource({ url, poolSize: 2, applicationName: 'oncekey-cli' });
  await dataSource.initialize().catch((cause: unknown) => {
    throw new Failure('the database does not answer, or refuses the login', EXIT.unavailable, { cause });
  });
  try {
    return await work(poolOf(dataSource), dataSource);
  } finally {
    await dataSource.destroy();
  }
}
