import type { CutOffKind } from '#core';
import type { BatchRun } from './batch-run.ts';
import { float8Array, int4Array, textArray } from './binary-arrays.ts';
import type { Outcome } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';

/**
 * Holds what is to be permitted against all that was cut off. Its statement is on its way when it returns.
 *
 * Fails  Error of the driver
 */
export async function settlePermits(
  { connection }: Pick<BatchRun, 'connection'>,
  entries: readonly BatchEntry[],
): Promise<ReadonlyMap<BatchEntry, Outcome>> {
  const permits = entries.filter(({ wants }) => wants?.act === 'permit');
  if (permits.length === 0) return new Map();
  const rows = permits.flatMap(({ wants }, at) =>
    wants?.act === 'permit' ? wants.reliances.map((reliance) => ({ at, reliance })) : [],
  );
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
  const kinds = new Map(dead.rows.toReversed().map(({ at, kind }) => [at, kind]));
  return new Map(permits.map((entry, at) => [entry, outcomeOf(kinds.get(at))]));
}

function outcomeOf(kind: CutOffKind | undefined): Outcome {
  return kind === undefined ? { is: 'recorded' } : { is: 'cut_off', kind };
}

/** In the order in which they were asked for, so that the first dead one is told. */
const FIND = `
  SELECT r.at, r.kind
    FROM unnest($1::int4[], $2::text[], $3::text[], $4::float8[])
           WITH ORDINALITY AS r (at, kind, id, since, place)
    JOIN cut_off AS c ON c.kind = r.kind AND c.id = r.id
   WHERE to_timestamp(r.since) <= c.dead_until
   ORDER BY r.place`;
