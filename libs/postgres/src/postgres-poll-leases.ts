import { randomUUID } from 'node:crypto';
import type { PollLease, PollLeases } from '#core';
import type { Pool } from 'pg';
import { orUnavailable } from './or-unavailable.ts';

/** What a lease is read and written by; times are the database's. $2 is always the holder. */
const TAKE = {
  name: 'event-poll-take',
  text: `
    INSERT INTO event_poll AS p (issuer, holder, leased_until)
    VALUES ($1, $2, clock_timestamp() + $3::float8 * interval '1 millisecond')
    ON CONFLICT (issuer) DO UPDATE SET holder = excluded.holder, leased_until = excluded.leased_until
     WHERE (p.holder = excluded.holder OR p.leased_until <= clock_timestamp()) AND p.not_before <= clock_timestamp()
    RETURNING failures`,
};

const SUCCEEDED = {
  name: 'event-poll-succeeded',
  text: `
    UPDATE event_poll
       SET succeeded_at = clock_timestamp(), failures = 0, failing_since = NULL, events = events + $3
     WHERE issuer = $1 AND holder = $2`,
};

const FAILED = {
  name: 'event-poll-failed',
  text: `
    UPDATE event_poll
       SET failed_at = clock_timestamp(), failure = $3, failures = failures + 1,
           failing_since = coalesce(failing_since, clock_timestamp()), leased_until = clock_timestamp(),
           not_before = clock_timestamp() + $4::float8 * interval '1 millisecond'
     WHERE issuer = $1 AND holder = $2`,
};

const RELEASE = {
  name: 'event-poll-release',
  text: 'UPDATE event_poll SET leased_until = clock_timestamp() WHERE issuer = $1 AND holder = $2',
};

const MAX_FAILURE_CHARS = 256;

/** Leases in Postgres: one row per transmitter, taken by one statement. Each object is a holder of its own. */
export class PostgresPollLeases implements PollLeases {
  private readonly holder = randomUUID();

  constructor(private readonly pool: Pool) {}

  take(issuer: string, leaseMs: number): Promise<PollLease | null> {
    return orUnavailable('nobody knows whose turn it is to poll', async () => {
      const { rows } = await this.pool.query<PollLease>({ ...TAKE, values: [issuer, this.holder, leaseMs] });
      return rows[0] ?? null;
    });
  }

  async succeeded(issuer: string, events: number): Promise<void> {
    await this.note({ ...SUCCEEDED, values: [issuer, this.holder, events] });
  }

  async failed(issuer: string, { what, waitMs }: { what: string; waitMs: number }): Promise<void> {
    await this.note({ ...FAILED, values: [issuer, this.holder, what.slice(0, MAX_FAILURE_CHARS), waitMs] });
  }

  async release(issuer: string): Promise<void> {
    await this.note({ ...RELEASE, values: [issuer, this.holder] });
  }

  private async note(query: { name: string; text: string; values: unknown[] }): Promise<void> {
    await orUnavailable('how a poll went cannot be noted', () => this.pool.query(query));
  }
}
