import type { CutOffKind, Reliance } from '#core';
import type { PoolClient } from 'pg';
import { float8Array, int4Array, textArray } from './binary-arrays.ts';

/**
 * Holds several things against all that was cut off, each with what it stands on. Its statement is on its way when it
 * returns.
 *
 * Out    by place in the list: which of its reliances is dead, the first that was asked for
 * Fails  Error of the driver
 */
export async function findCutOff(
  connection: PoolClient,
  lists: readonly (readonly Reliance[])[],
): Promise<ReadonlyMap<number, CutOffKind>> {
  const rows = lists.flatMap((reliances, at) => reliances.map((reliance) => ({ at, reliance })));
  const dead = await connection.query<{ at: number; kind: CutOffKind }>({
    name: 'ledger.find_cut_off',
    text: FIND,
    values: [
      int4Array(rows.map(({ at }) => at)),
      textArray(rows.map(({ reliance }) => reliance.kind)),
      textArray(rows.map(({ reliance }) => reliance.id)),
      float8Array(rows.map(({ reliance }) => reliance.since / 1000)),
    ],
  });
  return new Map(dead.rows.toReversed().map(({ at, kind }) => [at, kind]));
}

/** In the order in which they were asked for, so that the first dead one is told. */
const FIND = `
  SELECT r.at, r.kind
    FROM unnest($1::int4[], $2::text[], $3::text[], $4::float8[])
           WITH ORDINALITY AS r (at, kind, id, since, place)
    JOIN cut_off AS c ON c.kind = r.kind AND c.id = r.id
   WHERE to_timestamp(r.since) <= c.dead_until
   ORDER BY r.place`;
