import type { PoolClient } from 'pg';

/**
 * Forgets revocations of single tokens, which are dead by now in any case, and the names of events that are too old to
 * be taken again. What was cut off of people and things stays: their next sign-in is held against it.
 */
export async function forgetRevocations(connection: PoolClient): Promise<void> {
  await connection.query(FORGET_TOKENS);
  await connection.query(FORGET_EVENTS);
}

const FORGET_TOKENS = `
  DELETE FROM cut_off WHERE kind = 'token' AND recorded_at < statement_timestamp() - interval '1 hour'`;

/** INVARIANT: longer than the greatest age of an event that is accepted (`MAX_EVENT_AGE_SECONDS`). */
const FORGET_EVENTS = `
  DELETE FROM security_event WHERE received_at < statement_timestamp() - interval '40 days'`;
