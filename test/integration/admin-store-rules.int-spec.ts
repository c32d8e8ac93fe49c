import { ResourceConflict, type AdminTransaction, type ResourceKind } from '#core';
import {
  aClientOf,
  adminStoreOnDatabase,
  aProvider,
  aServer,
  failureOf,
  type AdminStoreOnDatabase,
} from '../support/admin-store-on-database.ts';

const anOperation = (id: string, api: string) => ({
  id,
  document: { id, api, method: 'GET', path: '/a', tags: [] },
  enabled: true,
});
const aDevice = (id: string, ...keys: string[]) => ({ id, document: { id, keys }, enabled: true });

describe('what registrations are to each other', () => {
  let on: AdminStoreOnDatabase;

  beforeEach(async () => {
    on = await adminStoreOnDatabase();
    await on.done(async (tx) => {
      await tx.create('identity_provider', aProvider('corp'));
      await tx.create('resource_server', aServer('orders', 'https://api.example/v1/orders'));
      await tx.create('client', aClientOf('web', ['corp'], ['orders']));
    });
  });
  afterEach(() => on.close());

  const remove = (kind: ResourceKind, id: string) => async (): Promise<unknown> => {
    const version = (await on.store.read(kind, id))?.version ?? '';
    return on.done((tx) => tx.remove(kind, id, version)).catch((error: unknown) => error);
  };
  const create = (kind: ResourceKind, one: Parameters<AdminTransaction['create']>[1]): Promise<unknown> =>
    on.done((tx) => tx.create(kind, one));

  it.each<{ name: string; taken: string; attempt: () => Promise<unknown> }>([
    {
      name: 'an id',
      taken: '#/id',
      attempt: () => create('identity_provider', aProvider('corp', 'https://b.example')),
    },
    {
      name: 'an issuer',
      taken: '#/issuer',
      attempt: () => create('identity_provider', aProvider('b', 'https://corp.example')),
    },
    {
      name: 'an issuer of an event transmitter',
      taken: '#/issuer',
      attempt: async () => {
        await create('event_transmitter', aProvider('mdm', 'https://mdm.example'));
        return create('identity_provider', aProvider('b', 'https://mdm.example'));
      },
    },
    {
      name: 'an issuer of an identity provider',
      taken: '#/issuer',
      attempt: () => create('event_transmitter', aProvider('mdm', 'https://corp.example')),
    },
    { name: 'a client id', taken: '#/client_id', attempt: () => create('client', aClientOf('web', [], [])) },
    {
      name: 'a client id of an API',
      taken: '#/client_id',
      attempt: () => create('client', aClientOf('orders-api', [], [])),
    },
    {
      name: 'a URL',
      taken: '#/resource',
      attempt: () => create('resource_server', aServer('b', 'https://api.example/v1/orders')),
    },
  ])('nobody gets $name that is taken', async ({ taken, attempt }) => {
    const thrown = await failureOf(attempt());
    expect(thrown).toBeInstanceOf(ResourceConflict);
    expect(thrown).toMatchObject({ why: 'exists', problems: [{ pointer: taken }] });
  });

  it.each([
    { name: 'below another', resource: 'https://api.example/v1/orders/old', fits: false },
    { name: 'above another', resource: 'https://api.example/v1', fits: false },
    { name: 'at the root above', resource: 'https://api.example', fits: false },
    { name: 'the same with a slash', resource: 'https://api.example/v1/orders/', fits: false },
    { name: 'the same in other letters', resource: 'HTTPS://API.example:443/v1/x/../%6Frders', fits: false },
    { name: 'beside it, with the same beginning', resource: 'https://api.example/v1/orders2', fits: true },
    { name: 'on another port', resource: 'https://api.example:8443/v1/orders', fits: true },
    { name: 'on another host', resource: 'https://b.example/v1/orders', fits: true },
  ])('a base URL $name: $fits', async ({ resource, fits }) => {
    const attempt = create('resource_server', aServer('b', resource));
    if (fits) await attempt;
    else
      expect(await failureOf(attempt)).toMatchObject({
        why: 'exists',
        problems: [{ pointer: '#/resource' }],
      });
  });

  it('a base URL can be moved within its own place, and not into that of another', async () => {
    const other = await on.done((tx) => tx.create('resource_server', aServer('b')));
    const moved = aServer('b', 'https://b.example/deeper');
    const { version } = await on.done((tx) => tx.replace('resource_server', moved, other.version));
    const away = on.done((tx) =>
      tx.replace('resource_server', aServer('b', 'https://api.example/v1'), version),
    );
    expect(await failureOf(away)).toMatchObject({ why: 'exists' });
    expect(await on.store.read('resource_server', 'b')).toMatchObject({ version, document: moved.document });
  });

  it('of racers for places that lie within one another, one has it', async () => {
    const racers = Array.from({ length: 12 }, (_, at) =>
      create('resource_server', aServer(`r${at}`, `https://r.example/${'a/'.repeat(at)}a`)).catch(
        (error: unknown) => error,
      ),
    );
    const outcomes = await Promise.all(racers);
    expect(outcomes.filter((one) => one instanceof ResourceConflict)).toHaveLength(11);
  });

  it('a key stands for one device, until that gives it back', async () => {
    const first = await on.done((tx) => tx.create('device', aDevice('a', 'k1', 'k2')));
    const taken = { why: 'exists', problems: [{ pointer: '#/keys' }] };
    expect(await failureOf(create('device', aDevice('b', 'k2')))).toMatchObject(taken);
    await create('device', aDevice('b', 'k3'));
    const both = on.done((tx) => tx.replace('device', aDevice('a', 'k3'), first.version));
    expect(await failureOf(both)).toMatchObject(taken);
    const next = await on.done((tx) => tx.replace('device', aDevice('a', 'k1'), first.version));
    await create('device', aDevice('c', 'k2'));
    await on.done((tx) => tx.remove('device', 'a', next.version));
    await create('device', aDevice('d', 'k1'));
  });

  it.each<{ name: string; kind: ResourceKind; id: string; before?: () => Promise<unknown> }>([
    { name: 'an identity provider that a client names', kind: 'identity_provider', id: 'corp' },
    { name: 'a resource server that a client names', kind: 'resource_server', id: 'orders' },
    {
      name: 'a resource server with operations in the draft',
      kind: 'resource_server',
      id: 'stock',
      before: () => create('operation', anOperation('stock.list', 'stock')),
    },
    {
      name: 'a resource server with operations in the live release',
      kind: 'resource_server',
      id: 'stock',
      before: () =>
        on.done(async (tx) => {
          await tx.lockLive();
          const document = { policies: [], apis: [{ id: 'stock', operations: [] }], claimed: {} };
          await tx.publish({ document, message: 'one', rollbackOf: null, settlesDraft: false });
        }),
    },
  ])('keeps what something refers to: $name', async ({ kind, id, before }) => {
    await create('resource_server', aServer('stock'));
    await before?.();
    expect(await remove(kind, id)()).toMatchObject({ name: 'ResourceConflict', why: 'referenced' });
    expect(await on.store.read(kind, id)).not.toBeNull();
  });

  it('lets go of what nothing refers to', async () => {
    await remove('client', 'web')();
    expect([
      await remove('resource_server', 'orders')(),
      await remove('identity_provider', 'corp')(),
    ]).toEqual([undefined, undefined]);
  });

  it.each([
    { providers: ['nobody'], servers: ['orders'], pointer: '#/identity_providers/0' },
    { providers: ['corp'], servers: ['orders', 'nothing'], pointer: '#/resource_servers/1' },
  ])('a client names what there is: $pointer', async ({ providers, servers, pointer }) => {
    const thrown = await failureOf(create('client', aClientOf('b', providers, servers)));
    expect(thrown).toMatchObject({ reason: 'admin.invalid', errors: [{ pointer }] });
  });

  it('a client acts as somebody of a provider that there is', async () => {
    const client = aClientOf('b', ['corp'], ['orders']);
    const actors = [{ id: 'nobody', audiences: ['agents'], subjects: ['agent-7'] }];
    const document = { ...client.document, actors };
    const thrown = await failureOf(create('client', { ...client, document }));
    expect(thrown).toMatchObject({ reason: 'admin.invalid', errors: [{ pointer: '#/actors/0' }] });
  });

  it('nothing is left dangling when one goes while another comes to refer to it', async () => {
    for (let round = 0; round < 10; round++) {
      const id = `r${round}`;
      await create('resource_server', aServer(id));
      await create('identity_provider', aProvider(id));
      await Promise.all([
        create('client', aClientOf(`c${round}`, [id], [id])).catch(() => null),
        remove('resource_server', id)(),
        remove('identity_provider', id)(),
      ]);
      const [client, server, provider] = await Promise.all([
        on.store.read('client', `c${round}`),
        on.store.read('resource_server', id),
        on.store.read('identity_provider', id),
      ]);
      if (client !== null) expect([server, provider]).not.toContain(null);
    }
  });
});
