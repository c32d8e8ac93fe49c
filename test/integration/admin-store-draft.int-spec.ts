import { assembleRelease, draftRowsOf, NoSuchResource, VersionMoved, type ReleaseDocument } from '#core';
import { applySeed, PostgresShadowJournal } from '#postgres';
import {
  aCaller,
  adminStoreOnDatabase,
  aPolicy,
  failureOf,
  type AdminStoreOnDatabase,
} from '../support/admin-store-on-database.ts';

const A_DOCUMENT: ReleaseDocument = assembleRelease(
  draftRowsOf({
    policies: [
      { id: 'b', cedar: 'permit (principal, action, resource);' },
      { id: 'a', cedar: 'forbid (principal, action, resource);' },
    ],
    apis: [
      { id: 'orders', operations: [{ id: 'orders.list', method: 'GET', path: '/orders', tags: ['read'] }] },
    ],
    claimed: { reason: 'String' },
    tests: [
      {
        id: 't',
        name: 'a test',
        principal: { issuer: 'https://login.example', subject: 'ada', groups: [] },
        operation: 'orders.list',
        time: '2026-01-05T09:00:00Z',
        expect: { decision: 'deny' },
      },
    ],
  }),
);
const ANOTHER: ReleaseDocument = { ...A_DOCUMENT, policies: A_DOCUMENT.policies.slice(0, 1) };
const ADA = 'https://login.example|ada';
const BOB = 'https://login.example|bob';

describe('the draft and its releases', () => {
  let on: AdminStoreOnDatabase;

  beforeEach(async () => {
    on = await adminStoreOnDatabase();
  });
  afterEach(() => on.close());

  const write = async (document: ReleaseDocument, who = 'ada') => {
    const { version } = await on.store.draft();
    return on.done((tx) => tx.replaceDraft(document, version), aCaller(who));
  };
  const publish = (document: ReleaseDocument, settlesDraft = true) =>
    on.done(async (tx) => {
      await tx.lockLive();
      return tx.publish({ document, message: 'a release', rollbackOf: null, settlesDraft });
    });

  it('is empty at first, and comes back as it was written, with a version of its own', async () => {
    const empty = await on.store.draft();
    expect(empty).toMatchObject({
      authors: [],
      document: { policies: [], apis: [], claimed: {}, tests: [] },
    });
    const written = await write(A_DOCUMENT);
    expect(written).toEqual(await on.store.draft());
    expect(written.document).toEqual(A_DOCUMENT);
    expect(written.version).not.toBe(empty.version);
  });

  it('gives parts that stay the same no new version', async () => {
    await write(A_DOCUMENT);
    const before = await on.store.read('policy', 'a');
    await write({ ...A_DOCUMENT, policies: [A_DOCUMENT.policies[0]!, { id: 'b', cedar: 'other' }] });
    expect(await on.store.read('policy', 'a')).toEqual(before);
    expect(await on.store.read('policy', 'b')).toMatchObject({ document: { cedar: 'other' } });
  });

  it('gets a new version from each change of a part, and remembers who changed it', async () => {
    const versions = [(await on.store.draft()).version];
    const seen = async () => versions.push((await on.store.draft()).version);
    const made = await on.done((tx) => tx.create('policy', aPolicy('one')));
    await seen();
    const next = await on.done(
      (tx) => tx.replace('policy', aPolicy('one', 'x'), made.version),
      aCaller('bob'),
    );
    await seen();
    await on.done((tx) => tx.remove('policy', 'one', next.version), aCaller('eve'));
    await seen();
    expect(new Set(versions).size).toBe(4);
    expect((await on.store.draft()).authors).toEqual([ADA, BOB, 'https://login.example|eve']);
  });

  it('has no authors when it is what was published, or is made so again', async () => {
    await write(A_DOCUMENT);
    const published = await publish(A_DOCUMENT);
    expect(published).toMatchObject({
      number: 1,
      author: ADA,
      message: 'a release',
      isLive: true,
      rollbackOf: null,
    });
    expect((await on.store.draft()).authors).toEqual([]);
    expect((await write(ANOTHER, 'bob')).authors).toEqual([BOB]);
    expect((await write(A_DOCUMENT, 'eve')).authors).toEqual([]);
    await write(ANOTHER, 'bob');
    await publish(A_DOCUMENT, false);
    expect((await on.store.draft()).authors).toEqual([BOB]);
  });

  it('is replaced by one of thirty who name the same version', async () => {
    const { version } = await on.store.draft();
    const racers = Array.from({ length: 30 }, (_, at) =>
      on
        .raced((tx) => tx.replaceDraft({ ...A_DOCUMENT, claimed: { [`c${at}`]: 'Bool' } }, version))
        .catch((error: unknown) => error),
    );
    const outcomes = await Promise.all(racers);
    expect(outcomes.filter((one) => one instanceof VersionMoved)).toHaveLength(29);
    expect(Object.keys((await on.store.draft()).document.claimed)).toHaveLength(1);
  });

  it('is not changed by others while somebody has locked it', async () => {
    const others = Array.from({ length: 5 }, (_, at) =>
      on.done((tx) => tx.create('policy', aPolicy(`p${at}`))),
    );
    const held = await on.done(async (tx) => {
      const before = await tx.lockDraft();
      await new Promise((resolve) => setTimeout(resolve, 150));
      return [before, await tx.lockDraft()];
    });
    expect(held[0]).toEqual(held[1]);
    await Promise.all(others);
    expect((await on.store.draft()).document.policies).toHaveLength(5);
  });

  it('goes live once, however many publish on the same release', async () => {
    const racers = Array.from({ length: 20 }, () =>
      on.raced(async (tx) => {
        const live = await tx.lockLive();
        if (live !== null) return 'moved';
        return tx.publish({ document: A_DOCUMENT, message: 'first', rollbackOf: null, settlesDraft: true });
      }),
    );
    const outcomes = await Promise.all(racers);
    expect(outcomes.filter((one) => one === 'moved')).toHaveLength(19);
    expect(await on.store.release('live')).toMatchObject({ number: 1, document: A_DOCUMENT });
    expect(await on.store.release(2)).toBeNull();
  });

  it('is rolled back by a release that says so', async () => {
    await publish(A_DOCUMENT);
    await publish(ANOTHER);
    await on.done(async (tx) => {
      const live = await tx.lockLive();
      expect(live).toMatchObject({ number: 2, isLive: true, document: ANOTHER });
      await tx.publish({ document: A_DOCUMENT, message: 'back', rollbackOf: 1, settlesDraft: false });
    });
    const heads = await on.store.releases({ limit: 2, before: null });
    expect(heads).toMatchObject([
      { number: 3, rollbackOf: 1, isLive: true },
      { number: 2, rollbackOf: null, isLive: false },
    ]);
    expect(heads[0]).not.toHaveProperty('document');
    expect(await on.store.releases({ limit: 2, before: 2 })).toMatchObject([{ number: 1 }]);
    expect(await on.store.release(1)).toMatchObject({ isLive: false, document: A_DOCUMENT });
    for (const number of [0, -1, 4, 1.5, Number.NaN, 2 ** 40])
      expect(await on.store.release(number)).toBeNull();
  });

  it('is what was seeded, with its tests', async () => {
    await write(ANOTHER);
    const before = await on.store.draft();
    const binding = {
      id: 'root',
      role: 'security-admin',
      issuer: 'https://login.example',
      subject: 'ada',
    } as const;
    await applySeed(on.owner, {
      registrations: { identityProviders: [], clients: [], resourceServers: [], roleBindings: [binding] },
      release: { document: A_DOCUMENT, author: 'oncekey seed', message: 'files' },
      ifLive: null,
    });
    const after = await on.store.draft();
    expect(after).toMatchObject({ document: A_DOCUMENT, authors: [] });
    expect(after.version).not.toBe(before.version);
    expect(await on.store.roleBindings()).toEqual([
      { id: 'root', role: 'security-admin', holder: { issuer: 'https://login.example', subject: 'ada' } },
    ]);
    await on.owner.query('UPDATE role_binding SET enabled = false');
    expect(await on.store.roleBindings()).toEqual([]);
  });

  it('has a shadow, whose counts go when it does', async () => {
    const journal = new PostgresShadowJournal(on.owner);
    const difference = {
      kind: 'newly_denied',
      policy: 'a',
      operation: 'orders.list',
      exampleReasonId: 'r',
    } as const;
    expect(await on.store.shadow()).toBeNull();
    expect(await failureOf(on.done((tx) => tx.stopShadow()))).toBeInstanceOf(NoSuchResource);
    const first = await on.done((tx) => tx.startShadow(A_DOCUMENT));
    expect(first).toMatchObject({ startedBy: ADA, document: A_DOCUMENT });
    await journal.add(first.id, { compared: 5, skipped: 1, differences: [{ ...difference, count: 2 }] });
    await journal.add(first.id, { compared: 5, skipped: 0, differences: [{ ...difference, count: 1 }] });
    expect(await on.store.shadow()).toEqual({
      shadow: first,
      report: { compared: 10, skipped: 1, differences: [{ ...difference, count: 3 }] },
    });
    const second = await on.done((tx) => tx.startShadow(ANOTHER), aCaller('bob'));
    expect(second.id).not.toBe(first.id);
    expect(await on.store.shadow()).toEqual({
      shadow: second,
      report: { compared: 0, skipped: 0, differences: [] },
    });
    await on.done((tx) => tx.stopShadow());
    expect(await on.store.shadow()).toBeNull();
  });
});
