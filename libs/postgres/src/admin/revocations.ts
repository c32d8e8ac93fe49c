import {
  cutOffsOf,
  NoSuchResource,
  type CutOffChange,
  type ListQuery,
  type Page,
  type RevokedName,
  type StoredRevocation,
} from '#core';
import type { PoolClient } from 'pg';
import { fromCursor } from './cursor.ts';
import { pageOf } from './page-of.ts';
import { ask, askOne, type Database } from './query.ts';

interface RevocationRow {
  id: string;
  place: string;
  deadUntil: number | null;
  changedAt: number;
}

/** Where a name stands in the list: in the order of names, nearly, and short. A name may be longer than a cursor. */
const PLACE = `left(id, 100) || chr(9) || encode(sha256(convert_to(id, 'UTF8')), 'hex') COLLATE "C"`;

/** Each name has one row of one of these kinds, whatever else falls with it. No issuer has a blank in it. */
const REVOKED = `
  SELECT id, ${PLACE} AS place,
         CASE WHEN isfinite(dead_until) THEN floor(extract(epoch FROM dead_until) * 1000)::float8 END AS "deadUntil",
         floor(extract(epoch FROM recorded_at) * 1000)::float8 AS "changedAt"
    FROM cut_off
   WHERE source = 'administration' AND kind IN ('workload', 'workload_issuer')`;

/** Fails  AdminProblem admin.bad_cursor | Unavailable */
export async function listRevocations(
  database: Database,
  { limit, after, filter: { issuer, subject } }: ListQuery,
): Promise<Page<StoredRevocation>> {
  const { rows } = await ask<RevocationRow>(database, {
    what: 'revocations cannot be read',
    text: `${REVOKED}
             AND ($1::text IS NULL OR id = $1 OR starts_with(id, $1 || ' '))
             AND ($2::text IS NULL OR substr(id, nullif(strpos(id, ' '), 0) + 1) = $2)
             AND ($3::text IS NULL OR ${PLACE} > $3)
           ORDER BY place LIMIT $4`,
    values: [issuer ?? null, subject ?? null, after === null ? null : fromCursor(after), limit + 1],
  });
  return pageOf(rows, limit, { toItem: toRevocation, endOf: ({ place }) => place });
}

/** Fails  NoSuchResource | Unavailable */
export async function revokeName(
  connection: PoolClient,
  name: RevokedName,
  change: CutOffChange['is'],
): Promise<StoredRevocation> {
  const cutOffs = cutOffsOf(name);
  const what = 'a revocation cannot be written';
  const changed = await askOne<{ count: string }>(connection, {
    what,
    text: 'SELECT revoke_as_admin($1, $2, $3) AS count',
    values: [cutOffs.map(({ kind }) => kind), cutOffs.map(({ id }) => id), change],
  });
  if (changed?.count === '0') throw new NoSuchResource();
  const row = await askOne<RevocationRow>(connection, {
    what,
    text: `${REVOKED} AND id = $1`,
    values: [cutOffs.at(-1)?.id],
  });
  if (row === null) throw new Error('a revocation was written and did not come back');
  return toRevocation(row);
}

function toRevocation({ id, deadUntil, changedAt }: RevocationRow): StoredRevocation {
  const at = id.indexOf(' ');
  const [issuer, subject] = at === -1 ? [id, null] : [id.slice(0, at), id.slice(at + 1)];
  return { issuer, subject, deadUntil, changedAt };
}
