import type { AuditEvent } from '#core';
import { PostgresAuditReader } from '#postgres';
import { Pool } from 'pg';

const anEvent = (at: number, change: Partial<AuditEvent> = {}): AuditEvent => ({
  id: `0192b3c4-0000-7000-8000-00000000000${at}`,
  at: 1_767_300_000_000 + at * 1_000,
  type: 'token.exchange',
  outcome: 'refused',
  reason: 'client.unknown',
  reasonId: `reason-${at}`,
  txn: at < 3 ? 'txn-a' : 'txn-b',
  detail: null,
  callerId: 'web',
  ...change,
});

describe('the audit log, read', () => {
  const pool = new Pool({ connectionString: process.env['DATABASE_URL'] ?? '' });
  const reader = new PostgresAuditReader(pool);
  const events = [1, 2, 3, 4, 5].map((at) => anEvent(at));
  const idsOf = (read: readonly AuditEvent[]): string[] => read.map(({ reasonId }) => reasonId);

  beforeAll(async () => {
    for (const event of events) {
      await pool.query(
        `INSERT INTO audit_event (id, at, type, outcome, reason, reason_id, txn, event)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          event.id,
          new Date(event.at),
          event.type,
          event.outcome,
          event.reason,
          event.reasonId,
          event.txn,
          event,
        ],
      );
    }
  });
  afterAll(() => pool.end());

  it('gives events as they were written', async () => {
    expect(await reader.tail({ limit: 10 })).toEqual(events);
  });

  it('begins with the last ones, the oldest first, and goes on after the last one seen', async () => {
    const last = await reader.tail({ limit: 2 });
    expect(idsOf(last)).toEqual(['reason-4', 'reason-5']);
    expect(idsOf(await reader.tail({ limit: 2, afterId: events[1]?.id ?? '' }))).toEqual([
      'reason-3',
      'reason-4',
    ]);
    expect(await reader.tail({ limit: 2, afterId: last[1]?.id ?? '' })).toEqual([]);
  });

  it('finds by reason id and by transaction', async () => {
    expect(idsOf(await reader.byReasonId('reason-3'))).toEqual(['reason-3']);
    expect(idsOf(await reader.byTxn('txn-a'))).toEqual(['reason-1', 'reason-2']);
    expect(await reader.byReasonId('none')).toEqual([]);
  });
});
