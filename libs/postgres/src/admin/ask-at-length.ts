import type { Pool, QueryResultRow } from 'pg';
import { inTransaction } from '../in-transaction.ts';
import { ask, type Question } from './query.ts';

/** Reports read more than requests do; nobody waits for them but who asked. */
const PATIENCE_MS = 30_000;

/** As `ask`, for a question whose answer takes longer than a pool's connections may otherwise work. Fails  Unavailable */
export function askAtLength<Row extends QueryResultRow>(
  pool: Pool,
  question: Question,
): Promise<readonly Row[]> {
  return inTransaction(pool, question.what, async (connection) => {
    await ask(connection, {
      what: question.what,
      text: `SET LOCAL transaction_read_only TO on; SET LOCAL statement_timeout TO ${PATIENCE_MS}`,
    });
    const { rows } = await ask<Row>(connection, { ...question, query_timeout: PATIENCE_MS + 500 });
    return rows;
  });
}
