import type { CutOff, Revocation } from '#core';
import type { BatchRun } from './batch-run.ts';
import { float8Array, textArray } from './binary-arrays.ts';
import type { Outcome } from './outcome.ts';
import type { BatchEntry } from './pending-entry.ts';
import { ADVISORY_CLASS } from './ring.ts';
import { together } from './together.ts';

/** Second half of the advisory lock under which things are cut off. */
const CUT_OFF_LOCK = 4;

/**
 * Cuts off what the entries want, each event once. Revocations are few and may name the same things in any order, so
 * they go one batch after another. Its statements are on their way when it returns.
 *
 * Fails  Error of the driver
 */
export async function settleRevocations(
  { connection }: Pick<BatchRun, 'connection'>,
  entries: readonly BatchEntry[],
): Promise<ReadonlyMap<BatchEntry, Outcome>> {
  const outcomes = new Map<BatchEntry, Outcome>();
  const revocations = entries.flatMap((entry) =>
    entry.wants?.act === 'revoke' ? [{ entry, revocation: entry.wants.revocation }] : [],
  );
  if (revocations.length === 0) return outcomes;
  await together(connection, () => [
    connection.query('SELECT pg_advisory_xact_lock($1, $2)', [ADVISORY_CLASS, CUT_OFF_LOCK]),
    ...revocations.map(async ({ entry, revocation }) => {
      const { rows } = await connection.query<{ taken: boolean }>({
        name: 'ledger.cut_off',
        text: CUT_OFF,
        values: valuesOf(revocation),
      });
      outcomes.set(entry, { is: rows[0]?.taken === true ? 'revoked' : 'repeated' });
    }),
  ]);
  return outcomes;
}

function valuesOf({ source, saidAt, event, cutOffs }: Revocation): unknown[] {
  return [
    source,
    event?.issuer ?? null,
    event?.jti ?? null,
    textArray(cutOffs.map(({ kind }) => kind)),
    textArray(cutOffs.map(({ id }) => id)),
    textArray(cutOffs.map(({ change }) => change.is)),
    float8Array(cutOffs.map(({ change }) => upToSeconds(change))),
    saidAt === null ? Infinity : saidAt / 1000,
  ];
}

/** Infinite where it is up to now: the server's clock says what that is, and nothing is cut off in the future. */
function upToSeconds(change: CutOff['change']): number {
  return change.is === 'cut' && change.upTo !== null ? change.upTo / 1000 : Infinity;
}

/** Whoever blocks a device, or lifts that, has said whether it is compliant. */
const CUT_OFF = `
  WITH event AS (
    INSERT INTO security_event (issuer, jti) SELECT $2::text, $3::text WHERE $2::text IS NOT NULL
    ON CONFLICT DO NOTHING RETURNING 1),
  act AS MATERIALIZED (
    SELECT a.kind, a.id, a.change, a.up_to, now, least(to_timestamp($8::float8), now) AS said_at
      FROM unnest($4::text[], $5::text[], $6::text[], $7::float8[]) AS a (kind, id, change, up_to),
           clock_timestamp() AS now
     WHERE $2::text IS NULL OR EXISTS (SELECT FROM event)),
  cut AS (
    INSERT INTO cut_off (kind, id, source, dead_until, said_at, recorded_at)
    SELECT kind, id, $1::text,
           CASE change WHEN 'block' THEN 'infinity' ELSE least(to_timestamp(up_to), now) END, said_at, now
      FROM act WHERE change <> 'lift'
    ON CONFLICT (kind, id, source) DO UPDATE
       SET dead_until = greatest(cut_off.dead_until, excluded.dead_until),
           said_at = greatest(cut_off.said_at, excluded.said_at), recorded_at = excluded.recorded_at),
  lifted AS (
    UPDATE cut_off SET dead_until = act.now, said_at = act.said_at, recorded_at = act.now
      FROM act
     WHERE act.change = 'lift' AND cut_off.kind = act.kind AND cut_off.id = act.id
       AND cut_off.source = $1::text AND cut_off.dead_until = 'infinity' AND cut_off.said_at <= act.said_at),
  posture AS (
    INSERT INTO device_posture (device, compliant, learnt_at, learnt_from)
    SELECT device.id, act.change = 'lift', act.said_at, $1::text
      FROM act JOIN device ON device.id = act.id
     WHERE act.kind = 'device' AND act.change IN ('block', 'lift')
    ON CONFLICT (device) DO UPDATE
       SET compliant = excluded.compliant, learnt_at = excluded.learnt_at, learnt_from = excluded.learnt_from
     WHERE device_posture.learnt_at <= excluded.learnt_at)
  SELECT $2::text IS NULL OR EXISTS (SELECT FROM event) AS taken`;
