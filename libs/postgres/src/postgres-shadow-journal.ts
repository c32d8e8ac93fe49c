import type { ShadowJournal, ShadowReport } from '#core';
import type { Pool } from 'pg';
import { inTransaction } from './in-transaction.ts';
import { orUnavailable } from './or-unavailable.ts';

/** First, so that its row is the lock under which brokers add one after the other. Nothing where no such shadow runs. */
const ADD_COUNT = `
  INSERT INTO shadow_count (shadow, compared, skipped)
  SELECT id, $2, $3 FROM shadow WHERE id = $1
      ON CONFLICT (shadow) DO UPDATE
     SET compared = shadow_count.compared + excluded.compared, skipped = shadow_count.skipped + excluded.skipped`;

const ADD_DIFFERENCES = `
  INSERT INTO shadow_difference (shadow, kind, policy, operation, count, example_reason_id)
  SELECT $1, kind, policy, operation, count, "exampleReasonId"
    FROM jsonb_to_recordset($2)
      AS difference (kind text, policy text, operation text, count bigint, "exampleReasonId" text)
      ON CONFLICT (shadow, kind, policy, operation) DO UPDATE
     SET count = shadow_difference.count + excluded.count`;

/** Adds up in Postgres what all brokers counted. */
export class PostgresShadowJournal implements ShadowJournal {
  constructor(private readonly pool: Pool) {}

  async add(shadowId: string, { compared, skipped, differences }: ShadowReport): Promise<void> {
    const what = 'the counts of the shadow cannot be written';
    await inTransaction(this.pool, what, (connection) =>
      orUnavailable(what, async () => {
        const { rowCount } = await connection.query(ADD_COUNT, [shadowId, compared, skipped]);
        if (rowCount === 0 || differences.length === 0) return;
        await connection.query(ADD_DIFFERENCES, [shadowId, JSON.stringify(differences)]);
      }),
    );
  }
}
