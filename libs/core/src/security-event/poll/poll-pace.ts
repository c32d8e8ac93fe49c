/** Events that are asked for at a time: a full answer fits into what is read of one. */
export const MAX_EVENTS = 25;

/** How long a transmitter may hold a poll open, and how long it may take when it is asked not to. */
export const LONG_POLL_MS = 20_000;
export const IMMEDIATE_POLL_MS = 10_000;

/** A poll with its access token, and the events that it brings, take less. */
export const LEASE_MS = 30_000;

/** How often a broker looks whether the one that polls is gone. */
export const STANDBY_MS = 5_000;

/** Least time from one poll to the next: when there was nothing, and when there were events. */
const EMPTY_PERIOD_MS = 2_000;
const BUSY_PERIOD_MS = 200;

const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;

/** Nobody puts off for longer what cuts off users and devices. */
const MAX_RETRY_AFTER_MS = 600_000;

/** What is left of the period: transmitters that cannot wait are not asked in a circle. */
export function restAfter(events: number, tookMs: number): number {
  return Math.max(0, (events > 0 ? BUSY_PERIOD_MS : EMPTY_PERIOD_MS) - tookMs);
}

/**
 * How long to wait after a failure: twice as long each time up to a minute, or as long as the transmitter wants.
 *
 * In  failures      that came before it in a row
 *     retryAfterMs  null: it did not say
 *     random        from 0 to 1, so that brokers do not move in step
 */
export function backoffMs(failures: number, retryAfterMs: number | null, random: number): number {
  const full = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 16));
  const wanted = Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  return Math.max((full / 2) * (1 + random), wanted * (1 + random / 10));
}

/** Give or take a quarter. */
export function jittered(ms: number, random: number): number {
  return ms * (0.75 + random / 2);
}
