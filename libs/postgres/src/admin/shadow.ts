import {
  NoSuchResource,
  type ReleaseDocument,
  type Shadow,
  type ShadowDifference,
  type ShadowReport,
} from '#core';
import type { PoolClient } from 'pg';
import { ask, askOne, type Database } from './query.ts';
import { toStorableJson } from './storable.ts';

const COLUMNS = `id::text AS id, started_at AS "startedAt", started_by AS "startedBy", document`;

type ShadowRow = Omit<Shadow, 'startedAt'> & { startedAt: Date };
type ReportRow = ShadowRow & { compared: number; skipped: number; differences: ShadowDifference[] };

/** The one that runs, and what brokers have counted of it. Fails  Unavailable */
export async function readShadow(
  database: Database,
): Promise<{ shadow: Shadow; report: ShadowReport } | null> {
  const row = await askOne<ReportRow>(database, {
    what: 'the shadow cannot be read',
    text: `
      SELECT ${COLUMNS}, coalesce(compared, 0)::float8 AS compared, coalesce(skipped, 0)::float8 AS skipped,
             (SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'kind', kind, 'policy', policy, 'operation', operation, 'count', count,
                       'exampleReasonId', example_reason_id) ORDER BY kind, count DESC, policy, operation), '[]')
                FROM shadow_difference WHERE shadow_difference.shadow = shadow.id) AS differences
        FROM shadow LEFT JOIN shadow_count ON shadow_count.shadow = shadow.id`,
  });
  if (row === null) return null;
  const { compared, skipped, differences, ...shadow } = row;
  return { shadow: toShadow(shadow), report: { compared, skipped, differences } };
}

/** In the place of one that runs already. Fails  AdminProblem admin.invalid | Unavailable */
export async function startShadow(
  connection: PoolClient,
  document: ReleaseDocument,
  by: string,
): Promise<Shadow> {
  await forgetCounts(connection);
  const row = await askOne<ShadowRow>(connection, {
    what: 'the shadow cannot be started',
    text: `INSERT INTO shadow (id, document, started_by) VALUES (gen_random_uuid(), $1, $2)
               ON CONFLICT (singleton) DO UPDATE
              SET id = excluded.id, document = excluded.document, started_by = excluded.started_by,
                  started_at = clock_timestamp()
           RETURNING ${COLUMNS}`,
    values: [toStorableJson({ ...document }), by],
  });
  if (row === null) throw new Error('a shadow was started and did not come back');
  return toShadow(row);
}

/** Fails  NoSuchResource | Unavailable */
export async function stopShadow(connection: PoolClient): Promise<void> {
  const { rowCount } = await ask(connection, {
    what: 'the shadow cannot be stopped',
    text: 'DELETE FROM shadow',
  });
  if (rowCount === 0) throw new NoSuchResource();
  await forgetCounts(connection);
}

async function forgetCounts(connection: PoolClient): Promise<void> {
  const what = 'the counts of the shadow cannot be deleted';
  await ask(connection, { what, text: 'DELETE FROM shadow_difference' });
  await ask(connection, { what, text: 'DELETE FROM shadow_count' });
}

function toShadow({ startedAt, ...shadow }: ShadowRow): Shadow {
  return { ...shadow, startedAt: startedAt.getTime() };
}
