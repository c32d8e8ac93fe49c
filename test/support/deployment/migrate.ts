import { runNode } from './node-process.ts';

/** As an operator does it, for a database that no template was copied to. */
export async function migrate(databaseUrl: string): Promise<void> {
  await runNode(['apps/cli/src/main.js', 'migrate'], { DATABASE_URL: databaseUrl });
}
