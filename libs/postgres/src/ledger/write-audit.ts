import type { PoolClient } from 'pg';
import { storableText, type AuditRow } from './audit-row.ts';
import { float8Array, jsonbArray, textArray, uuidArray } from './binary-arrays.ts';

/** On its way when it returns. Fails  Error of the driver; Error when not every event was written */
export async function writeAudit(connection: PoolClient, rows: readonly AuditRow[]): Promise<void> {
  const { rowCount } = await connection.query({
    name: 'ledger.write_audit',
    text: WRITE,
    values: [
      uuidArray(rows.map(({ event }) => event.id)),
      float8Array(rows.map(({ event }) => event.at / 1000)),
      textArray(rows.map(({ event }) => event.type)),
      textArray(rows.map(({ event }) => event.outcome)),
      textArray(rows.map(({ event }) => event.reason)),
      textArray(rows.map(({ event }) => storableText(event.reasonId))),
      textArray(rows.map(({ event }) => storableText(event.txn))),
      jsonbArray(rows.map(({ json }) => json)),
    ],
  });
  if (rowCount !== rows.length) throw new Error('not every audit event was written');
}

const WRITE = `
  INSERT INTO audit_event (id, at, type, outcome, reason, reason_id, txn, event)
  SELECT id, to_timestamp(at), type, outcome, reason, reason_id, txn, event
    FROM unnest($1::uuid[], $2::float8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
      AS e (id, at, type, outcome, reason, reason_id, txn, event)`;
