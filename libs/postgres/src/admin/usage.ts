import type { EpochMs, Usage } from '#core';
import type { Pool } from 'pg';
import { askAtLength } from './ask-at-length.ts';
import { storableTime } from './storable.ts';

const WHAT = 'usage cannot be read';

const PERMITS = `
  SELECT event ->> 'operationId' AS operation, policy, max(at) AS "lastUsed"
    FROM audit_event
    LEFT JOIN LATERAL jsonb_array_elements_text(event -> 'policies') AS policy ON true
   WHERE type = 'token.exchange' AND outcome = 'permitted' AND at >= to_timestamp($1::float8 / 1000)
   GROUP BY 1, 2`;

const SUBJECTS = `
  SELECT event #>> '{subject,issuer}' AS issuer, event #>> '{subject,subject}' AS subject, max(at) AS "lastUsed"
    FROM audit_event
   WHERE type = 'token.exchange' AND outcome = 'permitted' AND event ? 'subject'
   GROUP BY 1, 2`;

type PermitRow = { operation: string | null; policy: string | null; lastUsed: Date };
type SubjectRow = { issuer: string; subject: string; lastUsed: Date };

/** Reads all of the log for subjects: somebody who was last here long ago is whom it is asked for. Fails  Unavailable */
export async function readUsage(pool: Pool, since: EpochMs): Promise<Usage> {
  const permits = await askAtLength<PermitRow>(pool, {
    what: WHAT,
    text: PERMITS,
    values: [storableTime(since)],
  });
  const subjects = await askAtLength<SubjectRow>(pool, { what: WHAT, text: SUBJECTS });
  const policies = new Map<string, EpochMs>();
  const operations = new Map<string, EpochMs>();
  const operationsByPolicy = new Map<string, string[]>();
  for (const { operation, policy, lastUsed } of permits) {
    if (operation !== null) raise(operations, operation, lastUsed);
    if (policy === null) continue;
    raise(policies, policy, lastUsed);
    if (operation !== null)
      operationsByPolicy.set(policy, [...(operationsByPolicy.get(policy) ?? []), operation].toSorted());
  }
  return {
    policies,
    operations,
    operationsByPolicy,
    subjects: new Map(
      subjects.map(({ issuer, subject, lastUsed }) => [`${issuer}|${subject}`, lastUsed.getTime()]),
    ),
  };
}

function raise(times: Map<string, EpochMs>, name: string, at: Date): void {
  times.set(name, Math.max(times.get(name) ?? 0, at.getTime()));
}
