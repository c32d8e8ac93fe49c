import { newTokenId, Unavailable, type AuditEvent, type RecordedDecision } from '#core';
import { adminStoreOnDatabase, type AdminStoreOnDatabase } from '../support/admin-store-on-database.ts';

const DAY_MS = 86_400_000;
const NOW = Date.now();

/** By key. */
function sorted<Value>(map: ReadonlyMap<string, Value>): readonly [string, Value][] {
  return [...map].toSorted(([one], [other]) => one.localeCompare(other));
}

function anEvent(ageMs: number, rest: Partial<AuditEvent> = {}): AuditEvent {
  const at = NOW - ageMs;
  const id = newTokenId(at);
  return {
    id,
    at,
    type: 'token.exchange',
    outcome: 'permitted',
    reason: null,
    reasonId: id,
    txn: `t-${id}`,
    detail: null,
    callerId: 'web',
    subject: { issuer: 'https://login.example', subject: 'ada' },
    operationId: 'orders.list',
    policies: ['p1'],
    question: { action: 'orders.list' } as AuditEvent['question'],
    ...rest,
  } as AuditEvent;
}

describe('what the store of administration reads of the audit log', () => {
  let on: AdminStoreOnDatabase;

  beforeAll(async () => {
    on = await adminStoreOnDatabase();
  });
  afterAll(() => on.close());
  beforeEach(() =>
    on.owner.query(`
    ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_event_default DISABLE TRIGGER USER;
    DELETE FROM audit_event;
    ALTER TABLE audit_event ENABLE TRIGGER USER; ALTER TABLE audit_event_default ENABLE TRIGGER USER`),
  );

  const record = async (events: readonly AuditEvent[]): Promise<void> => {
    await on.owner.query(
      `INSERT INTO audit_event (id, at, type, outcome, reason, reason_id, txn, event)
       SELECT (e ->> 'id')::uuid, to_timestamp((e ->> 'at')::float8 / 1000), e ->> 'type', e ->> 'outcome',
              e ->> 'reason', e ->> 'reasonId', e ->> 'txn', e FROM jsonb_array_elements($1) AS e`,
      [JSON.stringify(events)],
    );
  };
  const everything = async (filter = {}, limit = 7): Promise<readonly string[]> => {
    const ids: string[] = [];
    let before: string | null = null;
    do {
      const page = await on.store.audit(filter, { limit, before });
      ids.push(...page.items.map(({ id }) => id));
      before = page.next;
    } while (before !== null);
    return ids;
  };

  it('comes newest first, in pages that neither skip nor repeat, also within one millisecond', async () => {
    const events = Array.from({ length: 40 }, (_, at) => anEvent(at < 20 ? 5_000 : at * 1_000));
    await record(events);
    const ids = await everything();
    expect(ids).toEqual(
      events
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    const [newest] = (await on.store.audit({}, { limit: 1, before: null })).items;
    expect(newest).toEqual(events.find(({ id }) => id === ids[0]));
    expect(await on.store.auditEvent(ids[3]!)).toMatchObject({ id: ids[3] });
    expect(await on.store.auditEvent(newTokenId(NOW))).toBeNull();
  });

  it.each<[Record<string, unknown>, Partial<AuditEvent>]>([
    [{ issuer: 'https://b.example' }, { subject: { issuer: 'https://b.example', subject: 'x' } }],
    [{ subject: 'bob' }, { subject: { issuer: 'https://login.example', subject: 'bob' } }],
    [{ client: 'cli' }, { callerId: 'cli' }],
    [{ operation: 'orders.refund' }, { operationId: 'orders.refund' }],
    [
      { operation: 'admin.clients.create' },
      {
        type: 'admin.act',
        act: { operation: 'admin.clients.create', target: 'x', before: null, after: null },
      },
    ],
    [{ reason: 'policy.denied' }, { reason: 'policy.denied' }],
    [
      { outcome: 'spent', type: 'token.introspect' },
      { outcome: 'spent', type: 'token.introspect' },
    ],
    [{ txn: 'one' }, { txn: 'one' }],
    [{ reasonId: 'why' }, { reasonId: 'why' }],
    [{ to: NOW - 10 * DAY_MS }, { at: NOW - 11 * DAY_MS }],
    [{ from: NOW + 500 }, { at: NOW + 1_000 }],
  ])('is narrowed by %j', async (filter, rest) => {
    const wanted = anEvent(1_500, rest);
    await record([...Array.from({ length: 20 }, (_, at) => anEvent(at * 1_000)), wanted]);
    expect(await everything(filter)).toEqual([wanted.id]);
    const hostile = Object.keys(filter).filter((name) => name !== 'from' && name !== 'to');
    for (const value of ["' OR '1'='1", '%', 'a\0b']) {
      if (hostile.length === 0) continue;
      expect(await everything(Object.fromEntries(hostile.map((name) => [name, value])))).toEqual([]);
    }
  });

  it('takes any time that is asked for', async () => {
    await record([anEvent(1_000)]);
    expect(await everything({ from: -1e300, to: 1e300 })).toHaveLength(1);
    expect(await everything({ from: 1e300 })).toHaveLength(0);
  });

  it('finds what is rare beyond one look, page by page', async () => {
    await on.owner.query(
      `INSERT INTO audit_event (id, at, type, outcome, reason_id, event)
       SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), 'token.exchange', 'refused', 'r', '{}'
         FROM generate_series(1, 50000) AS n`,
    );
    await on.owner.query(
      `INSERT INTO audit_event (id, at, type, outcome, reason_id, event)
       VALUES ('00000000-0000-6000-8000-000000000000', now(), 'token.exchange', 'refused', 'r', '{"callerId":"rare"}')`,
    );
    expect(await everything({ client: 'rare' })).toEqual(['00000000-0000-6000-8000-000000000000']);
    expect(await everything({ client: 'nobody' })).toEqual([]);
  });

  it('knows the decision that a transaction began with', async () => {
    const decision = anEvent(2_000, { txn: 'one' });
    await record([
      anEvent(3_000, { txn: 'one', question: undefined as never }),
      anEvent(1_000, { txn: 'one' }),
      decision,
      anEvent(2_500, { txn: 'one', type: 'token.introspect' }),
    ]);
    expect(await on.store.decisionOf('one')).toEqual(decision);
    expect(await on.store.decisionOf('two')).toBeNull();
  });

  it('gives decisions oldest first, all of them or every n-th, and always the same ones', async () => {
    const events = Array.from({ length: 1_200 }, (_, at) =>
      anEvent(2_000_000 - at, at % 2 === 0 ? {} : { outcome: 'refused', reason: 'policy.denied' }),
    );
    await record([...events, anEvent(1_000, { question: undefined as never }), anEvent(5 * DAY_MS)]);
    const read = async (atMost: number): Promise<{ total: number; all: readonly RecordedDecision[] }> => {
      const { total, sampled } = await on.store.decisions({ from: NOW - DAY_MS, to: NOW, atMost });
      const all: RecordedDecision[] = [];
      for await (const page of sampled) all.push(...page);
      return { total, all };
    };
    const { total, all } = await read(5_000);
    expect(total).toBe(1_200);
    expect(all.map(({ reasonId }) => reasonId)).toEqual(events.map(({ id }) => id).toSorted());
    expect(all[0]).toMatchObject({
      decision: 'permit',
      policies: ['p1'],
      question: { action: 'orders.list' },
    });
    expect(all[1]).toMatchObject({ decision: 'deny', reason: 'policy.denied' });
    const some = await read(100);
    expect(some.total).toBe(1_200);
    expect(some.all.length).toBeGreaterThan(50);
    expect(some.all.length).toBeLessThan(160);
    expect(await read(100)).toEqual(some);
  });

  it('tells what was used since, and of subjects when they were last there at all', async () => {
    await record([
      anEvent(1_000, { policies: ['p1', 'p2'], operationId: 'a' }),
      anEvent(5_000, { policies: ['p1'], operationId: 'b' }),
      anEvent(500, { outcome: 'refused', policies: ['p3'], operationId: 'c' }),
      anEvent(90 * DAY_MS, {
        policies: ['p4'],
        operationId: 'd',
        subject: { issuer: 'https://login.example', subject: 'bob' },
      }),
    ]);
    const { policies, operations, operationsByPolicy, subjects } = await on.store.usage(NOW - DAY_MS);
    expect(sorted(policies)).toEqual([
      ['p1', NOW - 1_000],
      ['p2', NOW - 1_000],
    ]);
    expect(sorted(operations)).toEqual([
      ['a', NOW - 1_000],
      ['b', NOW - 5_000],
    ]);
    expect(sorted(operationsByPolicy)).toEqual([
      ['p1', ['a', 'b']],
      ['p2', ['a']],
    ]);
    expect(sorted(subjects)).toEqual([
      ['https://login.example|ada', NOW - 1_000],
      ['https://login.example|bob', NOW - 90 * DAY_MS],
    ]);
  });

  it('takes a refusal on record, or says that it did not', async () => {
    const refusal = anEvent(0, { type: 'admin.act', outcome: 'refused', reason: 'admin.forbidden' });
    await on.store.recordRefusal(refusal);
    expect(await on.store.auditEvent(refusal.id)).toEqual(refusal);
    await expect(on.store.recordRefusal(refusal)).rejects.toBeInstanceOf(Unavailable);
  });
});
