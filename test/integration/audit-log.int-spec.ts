import { type AuditEvent } from '#core';
import { LedgerBuilder } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';

describe('the audit log', () => {
  let under: LedgerOnDatabase;
  let a: LedgerBuilder;
  beforeAll(async () => {
    under = await ledgerOnDatabase((await freshDatabase()).url, 1);
    a = new LedgerBuilder(under);
  });
  afterAll(() => under.close());

  const query = async <Row extends object>(sql: string): Promise<Row[]> =>
    (await under.pools[0].query<Row>(sql)).rows;
  const today = async (): Promise<string> => {
    const sql = `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', '"audit_event_"YYYYMMDD') AS today`;
    return (await query<{ today: string }>(sql))[0]!.today;
  };
  const record = async (changes: Partial<AuditEvent>): Promise<string> => {
    const entry = a.entry([], changes);
    await under.ledgers[0].record(entry);
    const rows = await query<{ place: string }>(
      `SELECT tableoid::regclass::text AS place FROM audit_event WHERE id = '${entry.id}'`,
    );
    return rows.map(({ place }) => place).join();
  };

  it('has a partition for today and for the days to come', async () => {
    const rows = await query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_event'::regclass ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      await today(),
      ...Array.from({ length: 3 }, () => expect.stringMatching(/^audit_event_\d{8}$/)),
      'audit_event_default',
    ]);
  });

  it.each([
    { name: 'the partition of its day', at: Date.now(), place: today },
    {
      name: 'the default one when it comes from another time',
      at: 1_000,
      place: async () => 'audit_event_default',
    },
  ])('puts an event into $name', async ({ at, place }) => {
    expect(await record({ at })).toBe(await place());
  });

  it('tells what it is asked for by reason id and transaction', async () => {
    await record({
      reason: 'token.killed',
      outcome: 'inactive',
      reasonId: 'reason-1',
      txn: 'txn-1',
      at: 1_700_000_000_123,
    });
    expect(
      await query(`SELECT at, type, outcome, reason, event->>'reasonId' AS reason_id FROM audit_event
                    WHERE reason_id = 'reason-1' AND txn = 'txn-1'`),
    ).toEqual([
      {
        at: new Date(1_700_000_000_123),
        type: 'token.introspect',
        outcome: 'inactive',
        reason: 'token.killed',
        reason_id: 'reason-1',
      },
    ]);
  });

  it('refuses every change, to its owner too and through its partitions', async () => {
    await record({});
    await record({ at: 1_000 });
    const before = await query('SELECT * FROM audit_event ORDER BY id');
    for (const table of ['audit_event', 'audit_event_default', await today()]) {
      for (const sql of [
        `UPDATE ${table} SET reason = 'other'`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        `SET session_replication_role = replica; DELETE FROM ${table}`,
        `INSERT INTO ${table} SELECT * FROM ${table} ON CONFLICT (id, at) DO UPDATE SET reason = 'other'`,
      ]) {
        await expect(query(sql)).rejects.toThrow(/is immutable/);
      }
    }
    await query('RESET session_replication_role');
    expect(await query('SELECT * FROM audit_event ORDER BY id')).toEqual(before);
  });

  it('refuses what is not an event or not a token, and nobody beside it', async () => {
    const attempt = await a.attempt();
    const [ledger] = under.ledgers;
    const outcomes = await Promise.allSettled([
      ledger.record(a.entry([], { id: 'not-a-uuid' })),
      ledger.record(a.entry([], { at: Number.NaN })),
      ledger.record(a.entry([await a.claim({ expiresAt: Number.NaN })])),
      ledger.spend({ ...attempt, jti: 'not-a-uuid' }, a.entry()),
      ledger.spend({ ...attempt, exp: Number.NaN }, a.entry()),
      ledger.spend({ ...attempt, spender: 2 ** 40 }, a.entry()),
      ledger.noteMismatch({ ...attempt, exp: -1 }, a.entry()),
      ledger.spend(attempt, a.entry()),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 7 }, () => 'rejected'),
      'fulfilled',
    ]);
    expect(under.problems).toEqual([]);
  });
});
