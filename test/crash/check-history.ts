import { Client } from 'pg';
import type { History } from './history.ts';

/** Compares what was acknowledged with what is on record. Empty when every promise was kept. */
export async function brokenPromises(databaseUrl: string, history: History): Promise<readonly string[]> {
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const spent = await database.query<{ token: string; times: number }>(
      `SELECT event->>'tokenId' AS token, count(*)::int AS times FROM audit_event WHERE outcome = 'spent' GROUP BY 1`,
    );
    const onRecord = new Map(spent.rows.map(({ token, times }) => [token, times]));
    const reasons = await database.query<{ reason_id: string }>(
      'SELECT reason_id FROM audit_event WHERE reason_id = ANY($1::text[])',
      [[...history.refused]],
    );
    const found = new Set(reasons.rows.map(({ reason_id }) => reason_id));
    return [
      ...history.honouredTwice.map((token) => `${token} was honoured twice`),
      ...[...onRecord]
        .filter(([, times]) => times > 1)
        .map(([token]) => `${token} was spent twice on record`),
      ...[...history.honoured.keys()]
        .filter((token) => !onRecord.has(token))
        .map((token) => `${token} was honoured and its event is lost`),
      ...[...history.refused].filter((id) => !found.has(id)).map((id) => `the refusal ${id} is lost`),
    ];
  } finally {
    await database.end();
  }
}
