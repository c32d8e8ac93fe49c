import { copyTemplate, type FreshDatabase } from './test-databases.ts';

export type { FreshDatabase };

/**
 * A migrated, empty database of one's own. It goes with `drop`, or at the end of the run.
 *
 * Fails  Error outside the Jest projects that have a database
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const serverUrl = process.env['ONCEKEY_TEST_SERVER_URL'];
  const prefix = process.env['ONCEKEY_TEST_DATABASE_PREFIX'];
  if (serverUrl === undefined || prefix === undefined) throw new Error('this Jest project has no database');
  return copyTemplate({ serverUrl, prefix });
}
