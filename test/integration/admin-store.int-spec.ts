import {
  AdminProblem,
  DRAFT_KINDS,
  NoSuchResource,
  REGISTRATION_KINDS,
  Unavailable,
  VersionMoved,
  type ResourceKind,
} from '#core';
import { oncekeyDataSource, PostgresAdminStore } from '#postgres';
import {
  aCaller,
  aClientOf,
  adminStoreOnDatabase,
  aPolicy,
  aProvider,
  aServer,
  failureOf,
  type AdminStoreOnDatabase,
} from '../support/admin-store-on-database.ts';

const ALL = { limit: 200, after: null, filter: {} };
const EMPTY = `
  TRUNCATE identity_provider, event_transmitter, client, resource_server, caller_id, device CASCADE;
  TRUNCATE role_binding, draft_policy, draft_policy_test, draft_operation, draft_context_attribute`;
const KINDS: readonly ResourceKind[] = [...REGISTRATION_KINDS, ...DRAFT_KINDS];

const a = (kind: ResourceKind, id: string) => {
  if (kind === 'client') return aClientOf(id, [], []);
  if (kind === 'resource_server') return aServer(id);
  const member = kind === 'context_attribute' ? 'name' : 'id';
  // The issuer of a transmitter is no identity provider's.
  const host = kind === 'event_transmitter' ? `events.${id}.example` : `${id}.example`;
  return { ...aProvider(id), document: { [member]: id, issuer: `https://${host}` } };
};

describe('the store of administration', () => {
  let on: AdminStoreOnDatabase;

  beforeAll(async () => {
    on = await adminStoreOnDatabase();
  });
  beforeEach(() => on.owner.query(EMPTY));
  afterAll(() => on.close());

  it.each(KINDS)('creates, reads, replaces and removes: %s', async (kind) => {
    const before = await on.events();
    const made = await on.done((tx) => tx.create(kind, a(kind, 'one')));
    expect(made).toMatchObject({ id: 'one', document: a(kind, 'one').document, enabled: true });
    expect(made.updatedBy).toBe('https://login.example|ada');
    expect(Math.abs(Date.now() - made.updatedAt)).toBeLessThan(60_000);
    expect(await on.store.read(kind, 'one')).toEqual(made);

    const isDraft = DRAFT_KINDS.some((one) => one === kind);
    const changed = { ...a(kind, 'one'), enabled: isDraft };
    const replaced = await on.done((tx) => tx.replace(kind, changed, made.version), aCaller('bob'));
    expect(replaced).toMatchObject({ id: 'one', enabled: isDraft, updatedBy: 'https://login.example|bob' });
    expect(replaced.version).not.toBe(made.version);
    expect((await on.store.list(kind, ALL)).items).toEqual([replaced]);

    const moved = await failureOf(on.done((tx) => tx.replace(kind, changed, made.version)));
    expect(moved).toBeInstanceOf(VersionMoved);
    expect(await failureOf(on.done((tx) => tx.remove(kind, 'one', made.version)))).toBeInstanceOf(
      VersionMoved,
    );
    await on.done((tx) => tx.remove(kind, 'one', replaced.version));
    expect(await on.store.read(kind, 'one')).toBeNull();
    for (const gone of [
      on.done((tx) => tx.replace(kind, changed, replaced.version)),
      on.done((tx) => tx.remove(kind, 'one', replaced.version)),
    ]) {
      expect(await failureOf(gone)).toBeInstanceOf(NoSuchResource);
    }

    const again = await on.done((tx) => tx.create(kind, a(kind, 'one')));
    expect([made.version, replaced.version]).not.toContain(again.version);
    expect(await failureOf(on.done((tx) => tx.create(kind, a(kind, 'one'))))).toMatchObject({
      why: 'exists',
    });
    expect(await on.events()).toHaveLength(before.length + 4);
  });

  it('lists in pages that neither skip nor repeat, while others come and go', async () => {
    const ids = Array.from({ length: 25 }, (_, at) => `p${String(at).padStart(2, '0')}`);
    await on.done(async (tx) => {
      for (const id of ids) await tx.create('policy', aPolicy(id));
    });
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await on.store.list('policy', { ...ALL, limit: 7, after });
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
      await on.owner.query('DELETE FROM draft_policy WHERE id = $1', [seen.at(-1)]);
      await on.owner.query('INSERT INTO draft_policy (id, document) VALUES ($1, $2)', [
        `o${seen.length}`,
        {},
      ]);
    } while (after !== null);
    expect(seen).toEqual(ids);
    expect(
      await on.store.list('policy', { ...ALL, after: Buffer.from('zzz').toString('base64url') }),
    ).toEqual({
      items: [],
      next: null,
    });
  });

  it.each(['', '=', 'cDE=', 'p1', 'cDE ', '__8', 'AA', 'YQBi', 'YWI'.repeat(500), "' OR '1'='1"])(
    'refuses a cursor that it did not give out: %j',
    async (after) => {
      const thrown = await failureOf(on.store.list('policy', { ...ALL, after }));
      expect(thrown).toBeInstanceOf(AdminProblem);
      expect(thrown).toMatchObject({ reason: 'admin.bad_cursor' });
      const searched = await failureOf(on.store.audit({}, { limit: 1, before: after }));
      expect(searched).toMatchObject({ reason: 'admin.bad_cursor' });
    },
  );

  it.each<[ResourceKind, Record<string, string>, readonly string[]]>([
    ['identity_provider', { issuer: 'https://corp.example' }, ['corp']],
    ['client', { resource_server: 'orders' }, ['web']],
    ['resource_server', { binding: 'enforced' }, ['orders']],
    ['resource_server', { binding: 'self', proof: 'none' }, ['stock']],
    ['resource_server', { binding: 'self', proof: 'dpop' }, []],
    ['device', { issuer: 'https://corp.example', subject: 'ada' }, ['laptop']],
    ['role_binding', { role: 'auditor' }, ['audit']],
    ['role_binding', { group: 'corp:admins' }, ['audit']],
    ['operation', { api: 'orders', method: 'GET', tag: 'read' }, ['orders.list']],
    ['policy_test', { operation: 'orders.list' }, ['t']],
  ])('narrows a list of %s by %j', async (kind, filter, ids) => {
    await on.done(async (tx) => {
      await tx.create('identity_provider', aProvider('corp'));
      await tx.create('identity_provider', aProvider('other'));
      await tx.create('resource_server', aServer('orders'));
      const stock = { ...aServer('stock').document, binding: 'self', proof: 'none' };
      await tx.create('resource_server', { ...aServer('stock'), document: stock });
      await tx.create('client', aClientOf('web', ['corp'], ['orders']));
      await tx.create('client', aClientOf('app', ['corp'], ['stock']));
      const owner = { issuer: 'https://corp.example', subject: 'ada' };
      await tx.create('device', {
        id: 'laptop',
        document: { id: 'laptop', owner, keys: ['k'] },
        enabled: true,
      });
      const binding = { id: 'audit', role: 'auditor', group: 'corp:admins' };
      await tx.create('role_binding', { id: 'audit', document: binding, enabled: true });
      const operation = { id: 'orders.list', api: 'orders', method: 'GET', path: '/', tags: ['read'] };
      await tx.create('operation', { id: 'orders.list', document: operation, enabled: true });
      const test = { id: 't', operation: 'orders.list' };
      await tx.create('policy_test', { id: 't', document: test, enabled: true });
    });
    expect((await on.store.list(kind, { ...ALL, filter })).items.map(({ id }) => id)).toEqual(ids);
    const none = Object.fromEntries(Object.keys(filter).map((name) => [name, "x' OR '1'='1"]));
    expect((await on.store.list(kind, { ...ALL, filter: none })).items).toEqual([]);
    await expect(on.store.list(kind, { ...ALL, filter: { 'id) OR (1=1': '1' } })).rejects.toThrow(/narrowed/);
  });

  it.each([
    "' OR '1'='1",
    '1; DROP TABLE client',
    '%',
    '_',
    'o%',
    'a\0b',
    '\0',
    '',
    ' one',
    'ONE',
    '\ud800',
    '{}',
  ])('finds nothing under the id %j, and changes nothing', async (id) => {
    for (const kind of KINDS) await on.done((tx) => tx.create(kind, a(kind, 'one')));
    for (const kind of KINDS) {
      const { version } = (await on.store.read(kind, 'one'))!;
      expect(await on.store.read(kind, id)).toBeNull();
      const removed = await failureOf(on.done((tx) => tx.remove(kind, id, version)));
      expect(removed).toBeInstanceOf(NoSuchResource);
      expect(await on.store.read(kind, 'one')).toMatchObject({ version });
    }
    expect(await on.store.auditEvent(id)).toBeNull();
    expect(await on.store.decisionOf(id)).toBeNull();
    expect(
      (await on.store.audit({ subject: id, type: id, reasonId: id }, { limit: 5, before: null })).items,
    ).toEqual([]);
  });

  it.each(['*', '', '0', "' OR '1'='1", '1 OR true', '99999999999999999999', '-1', '1e0', '\0', ' '])(
    'takes the version %j for none that ever was',
    async (version) => {
      await on.done((tx) => tx.create('policy', aPolicy('one')));
      for (const attempt of [
        on.done((tx) => tx.replace('policy', aPolicy('one'), version)),
        on.done((tx) => tx.remove('policy', 'one', version)),
        on.done((tx) => tx.replaceDraft({ policies: [], apis: [], claimed: {} }, version)),
      ]) {
        expect(await failureOf(attempt)).toBeInstanceOf(VersionMoved);
      }
      expect(await on.store.read('policy', 'one')).not.toBeNull();
    },
  );

  it.each([['one'], [['one']], [{}], [null], [undefined], [0], [{ one: 1 }]])(
    'finds the first row for nobody: id %j',
    async (id) => {
      await on.done((tx) => tx.create('policy', aPolicy('zero')));
      const read = on.store.read('policy', id as string).catch(() => null);
      expect(await read).toBeNull();
    },
  );

  it('refuses a document that cannot be stored, by name and not as an outage', async () => {
    for (const cedar of ['a\0b', '\ud800']) {
      const thrown = await failureOf(on.done((tx) => tx.create('policy', aPolicy('one', cedar))));
      expect(thrown).toMatchObject({ reason: 'admin.invalid' });
    }
    await on.done((tx) => tx.create('policy', aPolicy('one', 'plain \\u0000 \\ud800 text 😀')));
  });

  it('is unavailable, and nothing is absent, before it is connected and when the database is away', async () => {
    const options = { poolSize: 1, applicationName: 'away' };
    const away = new PostgresAdminStore(
      oncekeyDataSource({ url: 'postgres://a@127.0.0.1:1/none', ...options }),
    );
    await expect(away.read('policy', 'one')).rejects.toBeInstanceOf(Unavailable);
    await on.owner.query('REVOKE SELECT ON draft_policy FROM oncekey_admin');
    await expect(on.store.read('policy', 'one')).rejects.toBeInstanceOf(Unavailable);
    await expect(on.store.draft()).rejects.toBeInstanceOf(Unavailable);
    await on.owner.query('GRANT SELECT ON draft_policy TO oncekey_admin');
  });
});
