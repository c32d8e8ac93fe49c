import type { AuditEvent } from '#core';
import type { Pool } from 'pg';
import { orUnavailable } from './or-unavailable.ts';

/** Of `audit_event`, for `toAuditEvent`. */
export const AUDIT_COLUMNS = `id, at, type, outcome, reason, reason_id AS "reasonId", txn, event`;

const LAST = `SELECT * FROM (SELECT ${AUDIT_COLUMNS} FROM audit_event ORDER BY id DESC LIMIT $1) last ORDER BY id`;
const AFTER = `SELECT ${AUDIT_COLUMNS} FROM audit_event WHERE id > $2 ORDER BY id LIMIT $1`;
const BY_REASON_ID = `SELECT ${AUDIT_COLUMNS} FROM audit_event WHERE reason_id = $1 ORDER BY id`;
const BY_TXN = `SELECT ${AUDIT_COLUMNS} FROM audit_event WHERE txn = $1 ORDER BY id`;

/** Reads the audit log; the oldest event comes first. Each method fails with Unavailable. */
export class PostgresAuditReader {
  constructor(private readonly pool: Pool) {}

  /**
   * The last `limit` events, or the first `limit` after `afterId`. Brokers write at the same time: an event can become
   * readable after one with a higher id, and whoever follows the log has to look back a few seconds for such.
   */
  tail({ afterId, limit }: { afterId?: string; limit: number }): Promise<readonly AuditEvent[]> {
    return afterId === undefined ? this.read(LAST, [limit]) : this.read(AFTER, [limit, afterId]);
  }

  byReasonId(reasonId: string): Promise<readonly AuditEvent[]> {
    return this.read(BY_REASON_ID, [reasonId]);
  }

  byTxn(txn: string): Promise<readonly AuditEvent[]> {
    return this.read(BY_TXN, [txn]);
  }

  private read(text: string, values: (string | number)[]): Promise<readonly AuditEvent[]> {
    return orUnavailable('the audit log cannot be read', async () => {
      const { rows } = await this.pool.query<StoredAuditRow>(text, values);
      return rows.map(toAuditEvent);
    });
  }
}

type Columns = Pick<AuditEvent, 'id' | 'type' | 'outcome' | 'reason' | 'reasonId' | 'txn'>;

export interface StoredAuditRow extends Columns {
  at: Date;
  /** The whole event; the columns repeat what is searched for. */
  event: AuditEvent;
}

export function toAuditEvent({ event, at, ...columns }: StoredAuditRow): AuditEvent {
  return { ...event, ...columns, at: at.getTime() };
}
