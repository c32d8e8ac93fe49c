import type { PoolClient } from 'pg';
import { ask } from './query.ts';

/**
 * From here to the end of the transaction nobody else administers: registrations, draft, releases, enrolment. What is
 * checked under it is still so when it commits, and because there is one lock only, nobody waits in a circle. It comes
 * before every lock of a row.
 *
 * Fails  Unavailable
 */
export async function lockAdministration(connection: PoolClient): Promise<void> {
  await ask(connection, {
    what: 'somebody else is administering',
    text: "SELECT pg_advisory_xact_lock(hashtextextended('oncekey.administration', 0))",
  });
}
