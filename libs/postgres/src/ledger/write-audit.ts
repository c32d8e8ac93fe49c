import type { PoolClient } from 'pg';
import { eventsPart } from './at-once-parts.ts';
import { auditArrays } from './audit-arrays.ts';
import type { AuditRow } from './audit-row.ts';

/** On its way when it returns. Fails  Error of the driver; Error when not every event was written */
export async function writeAudit(connection: PoolClient, rows: readonly AuditRow[]): Promise<void> {
  const { rowCount } = await connection.query({
    name: 'ledger.write_audit',
    text: WRITE,
    values: [...auditArrays(rows)],
  });
  if (rowCount !== rows.length) throw new Error('not every audit event was written');
}

const WRITE = eventsPart(1).insert;
