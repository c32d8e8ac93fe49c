import type { PoolClient } from 'pg';
import { dropOldAuditDay, makeAuditPartitions } from './audit-partitions.ts';
import { forgetDeferrals } from './forget-deferrals.ts';
import { forgetRevocations } from './forget-revocations.ts';

/**
 * What tables need every now and then, and what may fail: whoever reads the audit log for long keeps its days from
 * being made and dropped.
 *
 * Fails  Error of the driver
 */
export async function tendTables(connection: PoolClient): Promise<void> {
  await makeAuditPartitions(connection);
  await forgetRevocations(connection);
  await forgetDeferrals(connection);
  await dropOldAuditDay(connection);
}
