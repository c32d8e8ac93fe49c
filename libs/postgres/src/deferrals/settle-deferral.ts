import { SLOW_DOWN_SECONDS, type DeferralAct, type DeferralState } from '#core';
import type { PoolClient } from 'pg';
import { STATE } from './deferral-row.ts';

type Heard = 'slow_down' | 'done' | DeferralState;

/**
 * Does one thing to one deferral, by one statement. Who waited for another to change the row and finds that there is
 * nothing left to do looks with a new snapshot at what became of it.
 *
 * Fails  Error of the driver
 */
export async function settleDeferral(
  connection: PoolClient,
  { id, does }: Pick<DeferralAct, 'id' | 'does'>,
): Promise<Heard> {
  if (does === 'poll') {
    const { rows } = await connection.query<{ early: boolean }>({
      name: 'deferral.poll',
      text: POLL,
      values: [id, SLOW_DOWN_SECONDS.step, SLOW_DOWN_SECONDS.most],
    });
    const [polled] = rows;
    if (polled !== undefined) return polled.early ? 'slow_down' : 'pending';
  } else {
    const { from, to } = CHANGES[does];
    const { rowCount } = await connection.query({
      name: 'deferral.change',
      text: CHANGE,
      values: [id, from, to],
    });
    if (rowCount === 1) return 'done';
  }
  const { rows } = await connection.query<{ state: DeferralState }>({
    name: 'deferral.state',
    text: `SELECT ${STATE} AS state FROM deferral WHERE id = $1`,
    values: [id],
  });
  // What was forgotten meanwhile had expired.
  return rows[0]?.state ?? 'expired';
}

const CHANGES = {
  redeem: { from: ['approved'], to: 'redeemed' },
  refuse: { from: ['approved'], to: 'refused' },
  cancel: { from: ['pending', 'approved'], to: 'cancelled' },
} as const;

const CHANGE = `
  UPDATE deferral SET state = $3 WHERE id = $1 AND state = ANY ($2) AND expires_at > clock_timestamp()`;

const IS_EARLY = 'statement_timestamp() < next_poll_at';
const PACE = `CASE WHEN ${IS_EARLY} THEN least(interval_seconds + $2::int, $3::int) ELSE interval_seconds END`;

/** A question that comes too early makes the interval longer, for good (RFC 8628 §3.5). */
const POLL = `
  UPDATE deferral
     SET polled_early = ${IS_EARLY}, interval_seconds = ${PACE},
         next_poll_at = statement_timestamp() + (${PACE}) * interval '1 second'
   WHERE id = $1 AND state = 'pending' AND expires_at > clock_timestamp()
  RETURNING polled_early AS early`;
