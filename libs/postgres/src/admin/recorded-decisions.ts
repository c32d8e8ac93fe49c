import type { AuditEvent, EpochMs, Obligations, PolicyRequest, RecordedDecision } from '#core';
import type { Pool } from 'pg';
import { askAtLength } from './ask-at-length.ts';
import { storableTime } from './storable.ts';

const WHAT = 'recorded decisions cannot be read';
const PAGE_DECISIONS = 500;

/** Decisions on record that carry their question. Parameters $1 and $2: from when, and until before when. */
const IN_RANGE = `type = 'token.exchange' AND at >= to_timestamp($1::float8 / 1000) AND at < to_timestamp($2::float8 / 1000)
    AND event ? 'question'`;

/** By a hash of the id, so that the same question always gets the same sample. $3: every n-th. */
const IS_SAMPLED = `('x' || left(md5(id::text), 8))::bit(32)::bigint % $3::bigint = 0`;

interface DecisionRow {
  id: string;
  at: Date;
  reasonId: string;
  outcome: AuditEvent['outcome'];
  reason: string | null;
  question: PolicyRequest;
  policies: string[] | null;
  obligations: Obligations | null;
}

/** Fails  Unavailable, each page of the sample too */
export async function recordedDecisions(
  pool: Pool,
  { atMost, ...range }: { from: EpochMs; to: EpochMs; atMost: number },
): Promise<{ total: number; sampled: AsyncIterable<readonly RecordedDecision[]> }> {
  const from = storableTime(range.from);
  const to = storableTime(range.to);
  const [counted] = await askAtLength<{ total: number }>(pool, {
    what: WHAT,
    text: `SELECT count(*)::float8 AS total FROM audit_event WHERE ${IN_RANGE}`,
    values: [from, to],
  });
  const total = counted?.total ?? 0;
  const everyNth = Math.max(1, Math.ceil(total / Math.max(1, atMost)));
  return { total, sampled: pages(pool, { from, to }, everyNth) };
}

async function* pages(
  pool: Pool,
  { from, to }: { from: EpochMs; to: EpochMs },
  everyNth: number,
): AsyncGenerator<readonly RecordedDecision[]> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await askAtLength<DecisionRow>(pool, {
      what: WHAT,
      text: `SELECT id, at, reason_id AS "reasonId", outcome, reason, event -> 'question' AS question,
                    event -> 'policies' AS policies, event -> 'obligations' AS obligations
               FROM audit_event WHERE id > $4::uuid AND ${IS_SAMPLED} AND ${IN_RANGE}
              ORDER BY id LIMIT ${PAGE_DECISIONS}`,
      values: [from, to, everyNth, after],
    });
    if (rows.length > 0) yield rows.map(toDecision);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_DECISIONS) return;
    after = last.id;
  }
}

function toDecision({ at, reasonId, outcome, reason, ...asked }: DecisionRow): RecordedDecision {
  const { question, policies, obligations } = asked;
  return {
    reasonId,
    at: at.getTime(),
    question,
    decision: outcome === 'permitted' ? 'permit' : 'deny',
    reason,
    policies: policies ?? [],
    ...(obligations === null ? {} : { obligations }),
  };
}
