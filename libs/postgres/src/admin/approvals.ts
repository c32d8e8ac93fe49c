import type { AdminCaller, ApprovalDecision, ApprovalQuery, Page, StoredDeferral } from '#core';
import type { PoolClient } from 'pg';
import { DEFERRAL_COLUMNS, IS_DEAD, toDeferral, type DeferralRow } from '../deferrals/deferral-row.ts';
import { isUuid } from '../ledger/binary-arrays.ts';
import { uuidFromCursor } from './cursor.ts';
import { pageOf } from './page-of.ts';
import { ask, askOne, type Database } from './query.ts';

const IS_OPEN = `state = 'pending' AND expires_at > clock_timestamp() AND NOT ${IS_DEAD}`;

/** Fails  AdminProblem admin.bad_cursor | Unavailable */
export async function listApprovals(
  database: Database,
  { groups, by, limit, after }: ApprovalQuery,
): Promise<Page<StoredDeferral>> {
  const { rows } = await ask<DeferralRow>(database, {
    what: 'approvals cannot be read',
    text: `SELECT ${DEFERRAL_COLUMNS} FROM deferral
            WHERE ${IS_OPEN} AND awaited && $1::text[] AND (issuer, subject) <> ($2::text, $3::text)
              AND ($4::uuid IS NULL OR id > $4::uuid)
            ORDER BY id LIMIT $5`,
    values: [groups, by.issuer, by.subject, after === null ? null : uuidFromCursor(after), limit + 1],
  });
  return pageOf(rows, limit, { toItem: toDeferral, endOf: ({ id }) => id });
}

/** Null when there is none. Fails  Unavailable */
export async function readApproval(database: Database, id: string): Promise<StoredDeferral | null> {
  if (!isUuid(id)) return null;
  const row = await askOne<DeferralRow>(database, {
    what: 'an approval cannot be read',
    text: `SELECT ${DEFERRAL_COLUMNS} FROM deferral WHERE id = $1::uuid`,
    values: [id],
  });
  return row === null ? null : toDeferral(row);
}

/**
 * Brokers that are asked for the same row wait for this transaction, and everybody in their batch with them: a process
 * that is stopped in the middle of it must let go at once.
 */
const PATIENCE = 'SET LOCAL idle_in_transaction_session_timeout TO 1000';

/** One statement, so that of several who decide at once one is heard. Fails  Unavailable */
export async function decideApproval(
  connection: PoolClient,
  {
    id,
    decision,
    caller,
  }: { id: string; decision: ApprovalDecision; caller: Pick<AdminCaller, 'issuer' | 'subject'> },
): Promise<StoredDeferral | null> {
  const what = 'an approval cannot be decided';
  await ask(connection, { what, text: PATIENCE });
  const row = await askOne<DeferralRow>(
    connection,
    decision.is === 'deny'
      ? { what, text: DENY, values: [id] }
      : { what, text: APPROVE, values: [id, decision.groups, caller.issuer, caller.subject] },
  );
  return row === null ? null : toDeferral(row);
}

const DENY = `
  UPDATE deferral SET state = 'denied' WHERE id = $1::uuid AND ${IS_OPEN} RETURNING ${DEFERRAL_COLUMNS}`;

/** Who has approved for all of their groups has nothing left to approve. */
const APPROVE = `
  UPDATE deferral
     SET awaited = ARRAY(SELECT wanted FROM unnest(awaited) AS wanted WHERE wanted <> ALL ($2::text[])),
         state = CASE WHEN awaited <@ $2::text[] THEN 'approved' ELSE state END,
         approvals = approvals || jsonb_build_array(jsonb_build_object(
           'issuer', $3::text, 'subject', $4::text, 'groups', $2::text[],
           'at', floor(extract(epoch FROM clock_timestamp()) * 1000)))
   WHERE id = $1::uuid AND ${IS_OPEN} AND awaited && $2::text[]
  RETURNING ${DEFERRAL_COLUMNS}`;
