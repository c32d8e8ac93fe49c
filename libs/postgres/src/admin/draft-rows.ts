import {
  assembleRelease,
  draftRowsOf,
  DRAFT_KINDS,
  VersionMoved,
  type DraftRow,
  type ReleaseDocument,
  type StoredDraft,
} from '#core';
import type { PoolClient } from 'pg';
import { ask, askOne, type Database } from './query.ts';
import { RESOURCE_TABLES } from './resource-table.ts';
import { toStorableJson } from './storable.ts';

interface DraftAnswer {
  version: string;
  authors: string[];
  rows: DraftRow[];
}

/** One statement sees one snapshot: the version and exactly its parts. */
const READ = `
  SELECT version::text AS version,
         (SELECT coalesce(jsonb_agg(author ORDER BY author), '[]') FROM draft_author) AS authors,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'id', id, 'document', document)), '[]')
            FROM (${DRAFT_KINDS.map(
              (kind) => `SELECT '${kind}' AS kind, id, document FROM ${RESOURCE_TABLES[kind].table}`,
            ).join(' UNION ALL ')}) AS part) AS rows
    FROM draft_state`;

/** Fails  Unavailable */
export async function readDraft(database: Database): Promise<StoredDraft> {
  const row = await askOne<DraftAnswer>(database, { what: 'the draft cannot be read', text: READ });
  if (row === null) throw new Error('the database holds no state of the draft');
  const { version, authors, rows } = row;
  return { version, authors, document: assembleRelease(rows) };
}

/** Under the lock of administration. Fails  VersionMoved | AdminProblem admin.invalid | Unavailable */
export async function replaceDraft(
  connection: PoolClient,
  { document, by }: { document: ReleaseDocument; by: string },
  ifVersion: string,
): Promise<StoredDraft> {
  const before = await readDraft(connection);
  if (before.version !== ifVersion) throw new VersionMoved();
  await writeDraft(connection, document, by);
  const after = await readDraft(connection);
  const live = await readLiveContent(connection);
  if (JSON.stringify(live) === JSON.stringify(after.document)) {
    await settleDraft(connection);
    return { ...after, authors: [] };
  }
  await noteDraftAuthor(connection, by);
  return readDraft(connection);
}

/** The live release as the draft that would become it again. */
async function readLiveContent(connection: PoolClient): Promise<ReleaseDocument | null> {
  const row = await askOne<{ document: ReleaseDocument }>(connection, {
    what: 'the live release cannot be read',
    text: 'SELECT document FROM live_release JOIN release USING (number)',
  });
  return row === null ? null : assembleRelease(draftRowsOf(row.document));
}

/**
 * Makes the draft the same as a document. Parts that are the same already keep their versions.
 *
 * Fails  AdminProblem admin.invalid | Unavailable
 */
export async function writeDraft(
  connection: PoolClient,
  document: ReleaseDocument,
  by: string | null,
): Promise<void> {
  const rows = draftRowsOf(document);
  for (const kind of DRAFT_KINDS) {
    const { table } = RESOURCE_TABLES[kind];
    const parts = rows
      .filter((row) => row.kind === kind)
      .map(({ id, document: part }) => ({ id, document: part }));
    await ask(connection, {
      what: 'the draft cannot be written',
      text: `
        WITH part AS (
          SELECT id, document FROM jsonb_to_recordset($1::jsonb -> 'parts') AS p (id text, document jsonb)
        ), gone AS (
          DELETE FROM ${table} WHERE id NOT IN (SELECT id FROM part)
        )
        INSERT INTO ${table} AS kept (id, document, updated_by)
        SELECT id, document, $2 FROM part
            ON CONFLICT (id) DO UPDATE
           SET document = excluded.document, updated_by = excluded.updated_by,
               updated_at = clock_timestamp(), version = nextval('resource_version')
         WHERE kept.document <> excluded.document`,
      values: [toStorableJson({ parts }), by],
    });
  }
}

/** Adds what a new live release brings and the one before it had not, except where the draft has that name already. */
export async function addToDraft(
  connection: PoolClient,
  document: ReleaseDocument,
  before: ReleaseDocument | null,
): Promise<void> {
  const isEmpty = draftRowsOf((await readDraft(connection)).document).length === 0;
  const had = new Set(before === null || isEmpty ? [] : draftRowsOf(before).map(nameOf));
  for (const row of draftRowsOf(document)) {
    if (had.has(nameOf(row))) continue;
    await ask(connection, {
      what: 'the draft cannot be written',
      text: `INSERT INTO ${RESOURCE_TABLES[row.kind].table} (id, document) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      values: [row.id, toStorableJson({ ...row.document })],
    });
  }
}

function nameOf({ kind, id }: DraftRow): string {
  return `${kind} ${id}`;
}

/** Remembers who has changed the draft. Fails  Unavailable */
export async function noteDraftAuthor(connection: PoolClient, author: string): Promise<void> {
  await ask(connection, {
    what: 'the draft cannot be written',
    text: 'INSERT INTO draft_author (author) VALUES ($1) ON CONFLICT DO NOTHING',
    values: [author],
  });
}

/** The draft is the same as the live release: nobody has changed it. Fails  Unavailable */
export async function settleDraft(connection: PoolClient): Promise<void> {
  await ask(connection, { what: 'the draft cannot be written', text: 'DELETE FROM draft_author' });
}
