import { newTokenId, type AdminAct, type AdminCaller, type AuditEvent } from '#core';
import type { PoolClient } from 'pg';
import { auditRow } from '../ledger/audit-row.ts';
import { writeAudit } from '../ledger/write-audit.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { askOne } from './query.ts';

/** No audit, no act: when it fails, so does the transaction. Fails  Unavailable */
export async function writeEvents(connection: PoolClient, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await orUnavailable('the audit log cannot be written', () => writeAudit(connection, events.map(auditRow)));
}

/** What an admin has done, each act as an event of its own. Fails  Unavailable */
export async function writeActs(
  connection: PoolClient,
  { issuer, subject, clientId, txn, ip }: AdminCaller,
  acts: readonly AdminAct[],
): Promise<void> {
  if (acts.length === 0) return;
  const row = await askOne<{ now: number; release: number | null }>(connection, {
    what: 'the decision behind the act cannot be read',
    text: DECIDED_BY,
    values: [txn],
  });
  const at = Math.floor(row?.now ?? 0);
  const events = acts.map((act): AuditEvent => {
    const id = newTokenId(at);
    return {
      id,
      at,
      type: 'admin.act',
      outcome: 'done',
      reason: null,
      reasonId: id,
      txn,
      detail: null,
      callerId: clientId,
      subject: { issuer, subject },
      ip,
      operationId: act.operation,
      ...(typeof row?.release === 'number' ? { release: row.release } : {}),
      act,
    };
  });
  await writeEvents(connection, events);
}

/** The time, and the release that permitted the call of the transaction $1. */
const DECIDED_BY = `
  SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now,
         (SELECT (event ->> 'release')::int FROM audit_event
           WHERE txn = $1::text AND type = 'token.exchange' ORDER BY id LIMIT 1) AS release`;
