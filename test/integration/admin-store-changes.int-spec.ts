import { Unavailable, VersionMoved, type AdminTransaction, type AuditEvent } from '#core';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  aCaller,
  adminStoreOnDatabase,
  aPolicy,
  aProvider,
  failureOf,
  type AdminStoreOnDatabase,
} from '../support/admin-store-on-database.ts';

const key = (name: string, fingerprint = 'same') => ({ key: name, fingerprint: Buffer.from(fingerprint) });

describe('a change of administration', () => {
  let on: AdminStoreOnDatabase;

  beforeEach(async () => {
    on = await adminStoreOnDatabase();
  });
  afterEach(() => on.close());

  const policies = async (): Promise<number> =>
    (await on.owner.query('SELECT FROM draft_policy')).rowCount ?? -1;
  const provider = (issuer: string) => aProvider('corp', issuer);

  it.each(['policy', 'identity_provider'] as const)(
    'has one winner of fifty who name the same version: %s',
    async (kind) => {
      const { version } = await on.done((tx) => tx.create(kind, provider('https://0.example')));
      const racers = Array.from({ length: 50 }, (_, at) =>
        on
          .raced((tx) => tx.replace(kind, provider(`https://${at + 1}.example`), version))
          .catch((error: unknown) => error),
      );
      const outcomes = await Promise.all(racers);
      const winners = outcomes.filter((one) => !(one instanceof Error));
      expect(winners).toHaveLength(1);
      expect(outcomes.filter((one) => one instanceof VersionMoved)).toHaveLength(49);
      expect(await on.store.read(kind, 'corp')).toEqual(winners[0]);
      expect(await on.events()).toHaveLength(2);
    },
  );

  it('is on record: who, what, and which release permitted it', async () => {
    await on.owner.query(
      `INSERT INTO audit_event (id, at, type, outcome, reason_id, txn, event)
       VALUES (gen_random_uuid(), now(), 'token.exchange', 'permitted', 'r', 'txn-of-ada', '{"release": 7}')`,
    );
    const acts = ['a', 'b'].map((name) => ({
      operation: 'admin.draft.replace',
      target: `draft/${name}`,
      before: 'b',
      after: null,
    }));
    await on.store.change({
      caller: aCaller('ada'),
      idempotency: null,
      work: async () => ({ outcome: 1, acts, answer: { status: 200, headers: {}, body: '' } }),
    });
    const events = (await on.events()).filter(({ type }) => type === 'admin.act');
    const byTarget = (one: AuditEvent, other: AuditEvent): number =>
      String(one.act?.target).localeCompare(String(other.act?.target));
    expect(events.toSorted(byTarget)).toMatchObject(
      acts.map((act) => ({
        act,
        outcome: 'done',
        reason: null,
        callerId: 'cli',
        subject: { issuer: 'https://login.example', subject: 'ada' },
        ip: '192.0.2.1',
        txn: 'txn-of-ada',
        release: 7,
        operationId: 'admin.draft.replace',
      })),
    );
  });

  it('is undone when the work fails, and then nothing is on record', async () => {
    const failed = on.done(async (tx) => {
      await tx.create('policy', aPolicy('one'));
      throw new TypeError('half way');
    });
    expect(await failureOf(failed)).toBeInstanceOf(TypeError);
    expect([await policies(), await on.events()]).toEqual([0, []]);
  });

  it.each([
    { name: 'a broken log', spoil: 'REVOKE INSERT ON audit_event FROM oncekey_admin' },
    {
      name: 'a log that refuses',
      spoil: `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$;
              CREATE TRIGGER full_disk BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION full_disk()`,
    },
    {
      name: 'a log that swallows',
      spoil: `CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
              CREATE TRIGGER swallow BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION swallow()`,
    },
  ])('does not happen without its record: $name', async ({ spoil }) => {
    await on.owner.query(spoil);
    const attempt = on.change((tx) => tx.create('policy', aPolicy('one')), { idempotency: key('k') });
    expect(await failureOf(attempt)).toBeInstanceOf(Unavailable);
    expect(await policies()).toBe(0);
    expect((await on.owner.query('SELECT FROM idempotent_answer')).rowCount).toBe(0);
  });

  it('is all or nothing when its connection is cut in the middle of many writes', async () => {
    for (const cutAfter of [0, 1, 7]) {
      const work = async (tx: AdminTransaction): Promise<void> => {
        const draft = await tx.lockDraft();
        for (let at = 0; at < cutAfter; at++) await tx.create('policy', aPolicy(`p${at}`));
        await on.owner.query(`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'admin-store' AND state = 'idle in transaction'
             AND datname = current_database()`);
        await sleep(20);
        await tx.replaceDraft({ policies: [], apis: [], claimed: { a: 'String' } }, draft.version);
      };
      expect(await failureOf(on.done(work))).toBeInstanceOf(Unavailable);
      expect(await policies()).toBe(0);
    }
    expect(await on.events()).toEqual([]);
    await on.done((tx) => tx.create('policy', aPolicy('after')));
  });

  it('with a key is done once, and answered the same again', async () => {
    const create = (id: string) => (tx: AdminTransaction) => tx.create('policy', aPolicy(id));
    expect(await on.change(create('one'), { idempotency: key('k') })).toHaveProperty('done');
    const again = { again: { status: 201, headers: { etag: '"1"' }, body: '{"a":1}' } };
    expect(await on.change(create('two'), { idempotency: key('k') })).toEqual(again);
    expect(await on.change(create('two'), { idempotency: key('k', 'other') })).toEqual({
      refused: 'conflict',
    });
    expect(await policies()).toBe(1);
    const bob = { caller: aCaller('bob'), idempotency: key('k', 'other') };
    expect(await on.change(create('two'), bob)).toHaveProperty('done');
    expect(await on.events()).toHaveLength(2);
  });

  it('with a key that twenty send at once is done once', async () => {
    const racers = Array.from({ length: 20 }, (_, at) =>
      on.change((tx) => tx.create('policy', aPolicy(`p${at}`)), { idempotency: key('k') }),
    );
    const outcomes = await Promise.all(racers);
    expect(outcomes.filter((one) => 'done' in one)).toHaveLength(1);
    expect(
      outcomes.filter((one) => 'again' in one || ('refused' in one && one.refused === 'busy')),
    ).toHaveLength(19);
    expect([await policies(), (await on.events()).length]).toEqual([1, 1]);
  });

  it('with a key says that it is busy while the first one is not done', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const first = on.change(() => held, { idempotency: key('k') });
    await sleep(100);
    const started = performance.now();
    expect(await on.change(async () => undefined, { idempotency: key('k') })).toEqual({ refused: 'busy' });
    expect(performance.now() - started).toBeLessThan(1_000);
    letGo();
    expect(await first).toHaveProperty('done');
    expect(await on.change(async () => undefined, { idempotency: key('k') })).toHaveProperty('again');
  });

  it('with a key may be tried again when it failed, and a day later', async () => {
    const fail = on.change(() => Promise.reject(new TypeError('once')), { idempotency: key('k') });
    expect(await failureOf(fail)).toBeInstanceOf(TypeError);
    expect(await on.change(async () => 1, { idempotency: key('k') })).toEqual({ done: 1 });
    await on.owner.query(
      "UPDATE idempotent_answer SET created_at = created_at - interval '24 hours 1 second'",
    );
    expect(await on.change(async () => 2, { idempotency: key('k', 'other') })).toEqual({ done: 2 });
    await on.owner.query("UPDATE idempotent_answer SET created_at = created_at - interval '25 hours'");
    await on.change(async () => 3, { idempotency: key('another') });
    expect((await on.owner.query('SELECT key FROM idempotent_answer')).rows).toEqual([{ key: 'another' }]);
  });
});
