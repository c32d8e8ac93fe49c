import type { FullRelease, ReleaseDocument, ReleaseHead } from '#core';
import { ask, askOne, type Database } from './query.ts';

const WHAT = 'releases cannot be read';

const HEAD = `number, author, message, published_at AS "publishedAt", rollback_of AS "rollbackOf",
              number IS NOT DISTINCT FROM (SELECT number FROM live_release) AS "isLive"`;

type HeadRow = Omit<ReleaseHead, 'publishedAt'> & { publishedAt: Date };
type FullRow = HeadRow & { document: ReleaseDocument };

/** Greatest number that a column of releases holds. */
const MAX_NUMBER = 2_147_483_647;

/** The newest first. Fails  Unavailable */
export async function listReleases(
  database: Database,
  { limit, before }: { limit: number; before: number | null },
): Promise<readonly ReleaseHead[]> {
  const { rows } = await ask<HeadRow>(database, {
    what: WHAT,
    text: `SELECT ${HEAD} FROM release WHERE number < $2::float8 ORDER BY number DESC LIMIT $1`,
    values: [limit, before ?? MAX_NUMBER + 1],
  });
  return rows.map(toTimes);
}

/** Fails  Unavailable */
export async function readRelease(database: Database, number: number | 'live'): Promise<FullRelease | null> {
  if (number !== 'live' && !isNumber(number)) return null;
  const row = await askOne<FullRow>(database, {
    what: WHAT,
    text: `SELECT ${HEAD}, document FROM release
            WHERE number = coalesce($1::int, (SELECT number FROM live_release))`,
    values: [number === 'live' ? null : number],
  });
  return row === null ? null : toTimes(row);
}

function isNumber(number: number): boolean {
  return Number.isInteger(number) && number > 0 && number <= MAX_NUMBER;
}

function toTimes<Row extends HeadRow>(row: Row): Omit<Row, 'publishedAt'> & { publishedAt: number } {
  return { ...row, publishedAt: row.publishedAt.getTime() };
}
