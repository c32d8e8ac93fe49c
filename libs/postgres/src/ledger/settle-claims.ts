import type { Claim } from '#core';
import { RingBehind, type BatchRun } from './batch-run.ts';
import { byteaArray, float8Array, int2Array } from './binary-arrays.ts';
import { grouped } from './grouped.ts';
import type { BatchEntry } from './pending-entry.ts';
import { RING_TABLES, tableOf } from './ring.ts';
import { together } from './together.ts';
import type { UsedId } from './used-id.ts';

/** `unsettled`: the ring cannot hold the id, though it lives: a clock was set, or it lives for too long. */
type Standing = 'fresh' | 'used' | 'unsettled';

export type ClaimsOutcome = 'fresh' | 'unsettled' | { readonly reused: Claim };

/** Which entry of a batch has each id: of entries that use the same id the first one has it. */
export type Holders = ReadonlyMap<string, { readonly holder: BatchEntry; readonly usedId: UsedId }>;

export function holdersIn(batch: readonly BatchEntry[]): Holders {
  const holders = new Map<string, { holder: BatchEntry; usedId: UsedId }>();
  for (const holder of batch) {
    for (const usedId of holder.usedIds) {
      if (!holders.has(usedId.key)) holders.set(usedId.key, { holder, usedId });
    }
  }
  return holders;
}

/** Does the entry have all of its ids, as far as its batch is concerned? */
export function holdsItsIds(entry: BatchEntry, holders: Holders): boolean {
  return entry.usedIds.every(({ key }) => holders.get(key)?.holder === entry);
}

/**
 * Writes down every id that a batch uses, and tells each entry whether all of its own were fresh. Its statements are
 * on their way when it returns, in the order in which they lock.
 *
 * An id that is expired by the database's clock counts as used: whatever carries it is dead. It is looked for in the
 * whole ring, so that its owner cannot use it again with another expiry.
 *
 * Fails  RingBehind; Error of the driver
 */
export async function settleClaims(
  run: BatchRun,
  batch: readonly BatchEntry[],
  holders: Holders,
): Promise<ReadonlyMap<BatchEntry, ClaimsOutcome>> {
  const standings = new Map<string, Standing>();
  const groups = idsInLockOrder([...holders.values()].map(({ usedId }) => usedId));
  await together(run.connection, () => groups.map((ids) => insert(run, ids, standings)));
  return new Map(batch.map((entry) => [entry, outcomeOf(entry, standings, holders)]));
}

function outcomeOf(
  entry: BatchEntry,
  standings: ReadonlyMap<string, Standing>,
  holders: Holders,
): ClaimsOutcome {
  for (const { key, claim } of entry.usedIds) {
    const standing = standings.get(key);
    if (standing === 'unsettled') return 'unsettled';
    if (standing !== 'fresh' || holders.get(key)?.holder !== entry) return { reused: claim };
  }
  return 'fresh';
}

/** By table, then by bucket, then by key: every process locks in this order. */
export function idsInLockOrder(ids: readonly UsedId[]): readonly (readonly UsedId[])[] {
  return [...grouped(ids, ({ bucket }) => bucket)]
    .toSorted(([one], [other]) => tableOf(one) - tableOf(other) || one - other)
    .map(([, group]) => group.toSorted((one, other) => (one.key < other.key ? -1 : 1)));
}

async function insert(
  run: BatchRun,
  ids: readonly UsedId[],
  standings: Map<string, Standing>,
): Promise<void> {
  const bucket = ids[0]?.bucket ?? 0;
  const { rows } = await run.connection.query<{ open: boolean; all: boolean; fresh: string | null }>({
    name: `ledger.use_ids_${tableOf(bucket)}`,
    text: INSERTS[tableOf(bucket)] ?? '',
    values: [
      bucket,
      int2Array(ids.map(({ kind }) => kind)),
      byteaArray(ids.map(({ owner }) => owner)),
      byteaArray(ids.map(({ id }) => id)),
      float8Array(ids.map(({ claim }) => claim.expiresAt / 1000)),
      ids.length,
    ],
  });
  const [answer] = rows;
  if (answer?.open !== true) return refuse(run, ids, standings);
  const fresh = new Set(answer.fresh?.split(',') ?? []);
  for (const usedId of ids) {
    const isFresh = answer.all || fresh.has(rowKey(usedId));
    standings.set(usedId.key, isFresh ? 'fresh' : 'used');
  }
}

/** The bucket of these ids is not open: they are dead, or the clock was set back, or nobody has advanced the ring. */
async function refuse(
  { connection, hasAdvanced }: BatchRun,
  ids: readonly UsedId[],
  standings: Map<string, Standing>,
): Promise<void> {
  const { rows } = await connection.query<{ floor: number; now: number }>(
    'SELECT floor::float8, extract(epoch FROM clock_timestamp())::float8 AS now FROM used_id_floor',
  );
  const [ring] = rows;
  if (ring === undefined) throw new Error('used_id_floor has no row');
  if (!hasAdvanced && ids.some(({ bucket }) => bucket > ring.floor)) throw new RingBehind();
  for (const { key, claim } of ids) {
    standings.set(key, claim.expiresAt / 1000 <= ring.now ? 'used' : 'unsettled');
  }
}

function rowKey({ kind, owner, id }: UsedId): string {
  return `${kind} ${Buffer.from(owner).toString('hex')} ${id.toString('hex')}`;
}

/** One statement per table of the ring. The lists of the other tables keep the planner from a join. */
const INSERTS = RING_TABLES.map((table) => {
  const others = RING_TABLES.filter((other) => other !== table).map(
    (other) =>
      `SELECT FROM used_id_${other} AS o WHERE o.id = t.id AND o.owner = t.owner AND o.kind = t.kind`,
  );
  return `
    WITH ring AS MATERIALIZED (
      SELECT FROM used_id_floor WHERE $1::int8 > floor AND $1::int8 <= floor + ${RING_TABLES.length}),
    fresh AS (
      INSERT INTO used_id_${table} (kind, owner, id)
      SELECT t.kind, t.owner, t.id
        FROM ring, unnest($2::int2[], $3::bytea[], $4::bytea[], $5::float8[]) AS t (kind, owner, id, expires)
       WHERE t.expires > extract(epoch FROM clock_timestamp())
         AND NOT EXISTS (${others.join(' UNION ALL ')})
      ON CONFLICT DO NOTHING RETURNING kind, owner, id)
    SELECT EXISTS (SELECT FROM ring) AS open, (SELECT count(*) FROM fresh) = $6::int8 AS all,
           CASE WHEN (SELECT count(*) FROM fresh) < $6::int8 THEN
             (SELECT string_agg(concat_ws(' ', kind, encode(owner, 'hex'), encode(id, 'hex')), ',') FROM fresh)
           END AS fresh`;
});
