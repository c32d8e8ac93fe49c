import type { ListQuery, Page, StoredEventPoll } from '#core';
import { fromCursor } from './cursor.ts';
import { pageOf } from './page-of.ts';
import { ask, type Database } from './query.ts';

interface PollRow extends Pick<StoredEventPoll, 'kind' | 'id' | 'issuer' | 'enabled' | 'acknowledged'> {
  lastPollAt: Date | null;
  lastSuccessAt: Date | null;
  since: Date | null;
  polls: number | null;
  why: string | null;
  nextAt: Date | null;
  holder: string | null;
  until: Date | null;
}

/** A lease that has run out is nobody's. No two of these have the same issuer. */
const LIST = `
  SELECT t.kind, t.id, t.issuer, t.enabled, coalesce(p.events, 0)::float8 AS acknowledged,
         greatest(p.succeeded_at, p.failed_at) AS "lastPollAt", p.succeeded_at AS "lastSuccessAt",
         coalesce(p.failing_since, CASE WHEN p.failures > 0 THEN p.failed_at END) AS since, p.failures AS polls,
         p.failure AS why, p.not_before AS "nextAt",
         CASE WHEN p.leased_until > clock_timestamp() THEN p.holder END AS holder, p.leased_until AS until
    FROM (SELECT 'identity_provider' AS kind, id, issuer, enabled, document #> '{events,poll}' AS poll
            FROM identity_provider
          UNION ALL
          SELECT 'event_transmitter', id, issuer, enabled, document -> 'poll' FROM event_transmitter) AS t
    LEFT JOIN event_poll AS p USING (issuer)
   WHERE jsonb_typeof(t.poll) = 'object' AND ($1::text IS NULL OR t.issuer COLLATE "C" > $1 COLLATE "C")
   ORDER BY t.issuer COLLATE "C" LIMIT $2`;

/** Fails  AdminProblem admin.bad_cursor | Unavailable */
export async function listEventPolls(
  database: Database,
  { limit, after }: Omit<ListQuery, 'filter'>,
): Promise<Page<StoredEventPoll>> {
  const { rows } = await ask<PollRow>(database, {
    what: 'polls cannot be read',
    text: LIST,
    values: [after === null ? null : fromCursor(after), limit + 1],
  });
  return pageOf(rows, limit, { toItem: toEventPoll, endOf: ({ issuer }) => issuer });
}

function toEventPoll(row: PollRow): StoredEventPoll {
  const { kind, id, issuer, enabled, acknowledged, lastPollAt, lastSuccessAt, holder, until } = row;
  return {
    ...{ kind, id, issuer, enabled, acknowledged },
    lastPollAt: lastPollAt?.getTime() ?? null,
    lastSuccessAt: lastSuccessAt?.getTime() ?? null,
    failing: failingOf(row),
    lease: holder === null || until === null ? null : { holder, until: until.getTime() },
  };
}

function failingOf({ since, polls, why, nextAt }: PollRow): StoredEventPoll['failing'] {
  if (since === null || polls === null || why === null || nextAt === null) return null;
  return { since: since.getTime(), polls, why, nextAt: nextAt.getTime() };
}
