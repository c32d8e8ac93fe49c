import { RING_TABLES } from './ring.ts';

/** Longer than any token lives for which a bucket is open; what was cut off before that has nothing left to kill. */
const TOKEN_LIFE = `make_interval(secs => ${RING_TABLES.length} * $1::int4 + 60)`;

/** SQL: was nothing cut off within the life of any token? Parameter $1: length of a bucket. */
export const IS_CALM = `NOT EXISTS (SELECT FROM cut_off WHERE recorded_at > statement_timestamp() - ${TOKEN_LIFE})`;

/**
 * SQL for the ids of dead tokens: of those that stand on something that was cut off later, and of those that were
 * issued before that was put on record. Parameters from `first` on: `relianceArrays`.
 */
export function revokedAmong(first: number): string {
  const [jti, issued, kind, id, since] = [0, 1, 2, 3, 4].map((at) => `$${first + at}`);
  return `
      SELECT DISTINCT r.jti
        FROM unnest(${jti}::uuid[], ${issued}::float8[], ${kind}::text[], ${id}::text[], ${since}::float8[])
               AS r (jti, issued, kind, id, since)
        JOIN cut_off AS c ON c.kind = r.kind AND c.id = r.id
       WHERE to_timestamp(r.since) <= c.dead_until OR to_timestamp(r.issued) <= c.recorded_at`;
}
