import {
  EnrolmentRefused,
  newTokenId,
  ResourceConflict,
  SHIPPED_POLICIES,
  VersionMoved,
  type AuditEvent,
  type EnrolmentWrite,
  type RoleBinding,
} from '#core';
import { announceAdminKey, openBreakGlass } from '#postgres';
import { randomBytes } from 'node:crypto';
import {
  aClientOf,
  adminStoreOnDatabase,
  aPolicy,
  aProvider,
  aServer,
  failureOf,
  type AdminStoreOnDatabase,
} from '../support/admin-store-on-database.ts';

const ADA = { issuer: 'https://corp.example', subject: 'ada' };
const ROOT: RoleBinding = { id: 'root', role: 'security-admin', holder: ADA };
const DOCUMENT = { policies: SHIPPED_POLICIES, apis: [], claimed: {}, tests: [] };
const SERVER = { resource: 'https://admin.example', clientId: 'oncekey-admin' };

function anEvent(type: AuditEvent['type']): AuditEvent {
  const id = newTokenId(Date.now());
  return {
    ...{ id, at: Date.now(), type, outcome: 'done', reason: null, reasonId: id, txn: null, detail: null },
    subject: ADA,
  };
}

describe('enrolment', () => {
  let on: AdminStoreOnDatabase;
  let codeHash: Buffer;

  beforeEach(async () => {
    on = await adminStoreOnDatabase();
    codeHash = randomBytes(32);
    await announceAdminKey(on.owner, { kid: 'k', jwk: { kty: 'EC' }, server: SERVER });
  });
  afterEach(() => on.close());

  const write = (rest: Partial<EnrolmentWrite> = {}): EnrolmentWrite => ({
    codeHash,
    identityProvider: aProvider('corp').document,
    client: aClientOf('cli', ['corp'], ['oncekey-admin']).document,
    bindings: [ROOT],
    release: { document: DOCUMENT, ifLive: null },
    event: anEvent('admin.enrolment'),
    ...rest,
  });
  const offer = (ttlSeconds = 900) => on.store.offerFirstEnrolment({ codeHash, ttlSeconds });

  it('registers, binds, publishes and is on record, and then the draft is what is live', async () => {
    expect(await offer()).toBe(true);
    const event = anEvent('admin.enrolment');
    await on.store.enrol(write({ event }));
    expect(await on.store.read('identity_provider', 'corp')).toMatchObject({ enabled: true });
    expect(await on.store.read('client', 'cli')).toMatchObject({ updatedBy: 'https://corp.example|ada' });
    expect(await on.store.roleBindings()).toEqual([ROOT]);
    expect(await on.store.release('live')).toMatchObject({ number: 1, author: 'https://corp.example|ada' });
    const draft = await on.store.draft();
    expect(draft.authors).toEqual([]);
    expect(draft.document.policies.map(({ id }) => id)).toEqual(
      SHIPPED_POLICIES.map(({ id }) => id).toSorted(),
    );
    expect(await on.events()).toEqual([event]);
    expect(await on.store.openEnrolments()).toEqual([]);
  });

  it('adds the shipped policies to a draft that is about something else', async () => {
    await on.done((tx) => tx.create('policy', aPolicy('mine')));
    await on.done(async (tx) => {
      await tx.lockLive();
      const document = { policies: [{ id: 'old', cedar: 'x' }], apis: [], claimed: {} };
      await tx.publish({ document, message: 'one', rollbackOf: null, settlesDraft: false });
    });
    await offer();
    const policies = [{ id: 'old', cedar: 'x' }, ...SHIPPED_POLICIES];
    await on.store.enrol(write({ release: { document: { ...DOCUMENT, policies }, ifLive: 1 } }));
    const ids = (await on.store.draft()).document.policies.map(({ id }) => id);
    expect(ids).toEqual(['mine', ...SHIPPED_POLICIES.map(({ id }) => id)].toSorted());
  });

  it('takes a code once, of twenty who bring it at the same time', async () => {
    await openBreakGlass(on.owner, { codeHash, ttlSeconds: 900, event: anEvent('admin.break_glass') });
    const racers = Array.from({ length: 20 }, (_, at) =>
      on.store
        .enrol(
          write({
            client: aClientOf(`cli${at}`, ['corp'], []).document,
            release: null,
            event: anEvent('admin.enrolment'),
          }),
        )
        .catch((error: unknown) => error),
    );
    const outcomes = await Promise.all(racers);
    expect(outcomes.filter((one) => one === undefined)).toHaveLength(1);
    expect(outcomes.filter((one) => one instanceof EnrolmentRefused)).toHaveLength(19);
    expect((await on.events()).map(({ type }) => type)).toEqual(['admin.break_glass', 'admin.enrolment']);
    expect((await on.store.list('client', { limit: 50, after: null, filter: {} })).items).toHaveLength(1);
  });

  it.each<{ name: string; spoil: () => Promise<unknown>; rest?: Partial<EnrolmentWrite> }>([
    { name: 'is unknown', spoil: async () => undefined, rest: { codeHash: randomBytes(32) } },
    { name: 'is empty', spoil: async () => undefined, rest: { codeHash: Buffer.alloc(0) } },
    {
      name: 'has expired',
      spoil: () => on.owner.query("UPDATE enrolment SET expires_at = clock_timestamp() - interval '1 ms'"),
    },
    { name: 'was used', spoil: () => on.owner.query('UPDATE enrolment SET used_at = clock_timestamp()') },
    {
      name: 'is for a first admin where there is one',
      spoil: () =>
        on.owner.query('INSERT INTO role_binding (id, document) VALUES ($1, $2)', [
          'r',
          { role: 'security-admin' },
        ]),
    },
  ])('refuses a code that $name, and writes nothing', async ({ spoil, rest }) => {
    await offer();
    await spoil();
    expect(await failureOf(on.store.enrol(write(rest)))).toBeInstanceOf(EnrolmentRefused);
    expect([await on.store.read('client', 'cli'), await on.events()]).toEqual([null, []]);
  });

  it.each<{ name: string; rest: Partial<EnrolmentWrite>; error: new () => Error }>([
    {
      name: 'another release is live',
      rest: { release: { document: DOCUMENT, ifLive: 7 } },
      error: VersionMoved,
    },
    {
      name: 'a name is taken',
      rest: { identityProvider: aProvider('other', 'https://taken.example').document },
      error: ResourceConflict as unknown as new () => Error,
    },
  ])('leaves the code unused when $name', async ({ rest, error }) => {
    await on.done((tx) => tx.create('identity_provider', aProvider('first', 'https://taken.example')));
    await offer();
    expect(await failureOf(on.store.enrol(write(rest)))).toBeInstanceOf(error);
    expect(await on.store.openEnrolments()).toMatchObject([{ purpose: 'first_admin' }]);
    await on.store.enrol(write());
  });

  it('does not happen without its record', async () => {
    await offer();
    await on.owner.query('REVOKE INSERT ON audit_event FROM oncekey_admin');
    await failureOf(on.store.enrol(write()));
    expect(await on.store.openEnrolments()).toHaveLength(1);
    expect(await on.store.roleBindings()).toEqual([]);
  });

  it('is offered by one of many processes, while there is no security-admin and no open code', async () => {
    const hashes = Array.from({ length: 12 }, () => randomBytes(32));
    const offered = await Promise.all(
      hashes.map((hash) => on.store.offerFirstEnrolment({ codeHash: hash, ttlSeconds: 900 })),
    );
    expect(offered.filter((one) => one)).toHaveLength(1);
    await on.owner.query('UPDATE enrolment SET expires_at = clock_timestamp()');
    expect(await offer()).toBe(true);
    await on.store.enrol(write());
    codeHash = randomBytes(32);
    expect(await offer()).toBe(false);
    await on.owner.query('UPDATE role_binding SET enabled = false');
    expect(await offer()).toBe(true);
  });
});

describe('the keys of admin processes', () => {
  let on: AdminStoreOnDatabase;

  beforeEach(async () => {
    on = await adminStoreOnDatabase();
  });
  afterEach(() => on.close());

  const announce = (kid: string, server = SERVER) =>
    announceAdminKey(on.owner, { kid, jwk: { kid }, server });
  const revision = async () => (await on.owner.query('SELECT revision FROM trust_revision')).rows[0].revision;
  const keys = async () => (await on.store.read('resource_server', 'oncekey-admin'))?.document['jwks'];

  it('make the admin API a resource server, and change trust only when there is something new', async () => {
    await announce('a');
    expect(await on.store.read('resource_server', 'oncekey-admin')).toMatchObject({
      document: {
        id: 'oncekey-admin',
        client_id: 'oncekey-admin',
        resource: 'https://admin.example',
        jwks: { keys: [{ kid: 'a' }] },
        binding: 'enforced',
        proof: 'dpop',
      },
    });
    await announce('b');
    const before = await revision();
    await announce('a');
    await announce('b');
    expect([await revision(), await keys()]).toEqual([before, { keys: [{ kid: 'a' }, { kid: 'b' }] }]);
    await announce('a', { ...SERVER, resource: 'https://moved.example' });
    expect(await revision()).not.toBe(before);
  });

  it('are forgotten after an hour, and never more than a registration can have', async () => {
    await announce('old');
    await on.owner.query("UPDATE admin_key SET seen_at = seen_at - interval '61 minutes'");
    await announce('a');
    expect(await keys()).toEqual({ keys: [{ kid: 'a' }] });
    await Promise.all(Array.from({ length: 20 }, (_, at) => announce(`k${at}`)));
    expect(((await keys()) as { keys: unknown[] }).keys).toHaveLength(16);
  });

  it('are not announced under a name that is taken', async () => {
    await on.done((tx) => tx.create('resource_server', aServer('b', 'https://admin.example')));
    expect(await failureOf(announce('a'))).toBeInstanceOf(ResourceConflict);
  });
});
