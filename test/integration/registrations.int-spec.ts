import { Unavailable } from '#core';
import { PostgresRegistrationStore, RegistrationConflict } from '#postgres';
import { Pool } from 'pg';
import { aClient } from '../support/trust-fixtures.ts';

const aProvider = (id: string, issuer: string) => ({ id, issuer });
const anApi = (id: string, clientId = `${id}-api`, resource = `https://${id}.example`) => ({
  ...aClient(clientId),
  id,
  resource,
});

describe('stored registrations', () => {
  const pool = new Pool({ connectionString: process.env['DATABASE_URL'] ?? '' });
  const store = new PostgresRegistrationStore(pool);

  beforeEach(() =>
    pool.query('TRUNCATE identity_provider, event_transmitter, client, resource_server, caller_id'),
  );
  afterAll(() => pool.end());

  const revision = async (): Promise<number> => {
    const { rows } = await pool.query<{ revision: string }>('SELECT revision FROM trust_revision');
    return Number(rows[0]?.revision);
  };
  const memberOfConflict = (attempt: Promise<unknown>): Promise<unknown> =>
    attempt.then(
      () => 'stored',
      (error: unknown) => (error instanceof RegistrationConflict ? error.member : error),
    );

  it('are listed with their documents, by kind and id', async () => {
    await store.putResourceServer(anApi('orders'));
    await store.putClient(aClient('web'));
    await store.putIdentityProvider(aProvider('corp', 'https://corp.example'));
    await store.putEventTransmitter(aProvider('mdm', 'https://mdm.example'));
    expect((await store.list()).map(({ kind, id, enabled }) => [kind, id, enabled])).toEqual([
      ['client', 'web', true],
      ['event_transmitter', 'mdm', true],
      ['identity_provider', 'corp', true],
      ['resource_server', 'orders', true],
    ]);
    expect((await store.list())[0]?.document).toEqual(aClient('web'));
  });

  it('are replaced by a second put, which gives no new number and enables nothing', async () => {
    const first = await store.putResourceServer(anApi('orders'));
    await store.setEnabled('resource_server', 'orders', false);
    for (let put = 0; put < 5; put++) {
      expect(await store.putResourceServer(anApi('orders', 'orders-api', 'https://moved.example'))).toEqual(
        first,
      );
    }
    const second = await store.putResourceServer(anApi('stock'));
    expect(second.number).toBe(first.number + 1);
    expect(await store.list()).toMatchObject([
      { id: 'orders', enabled: false, document: { resource: 'https://moved.example' } },
      { id: 'stock', enabled: true },
    ]);
  });

  it('raise the revision with every change, and only with one', async () => {
    const before = await revision();
    await store.putClient(aClient('web'));
    const put = await revision();
    await store.setEnabled('client', 'web', false);
    const disabled = await revision();
    await store.list();
    expect(put).toBeGreaterThan(before);
    expect(disabled).toBeGreaterThan(put);
    expect(await revision()).toBe(disabled);
  });

  it('know whether there was anything to disable', async () => {
    await store.putClient(aClient('web'));
    expect(await store.setEnabled('client', 'web', false)).toBe(true);
    expect(await store.setEnabled('client', 'nobody', false)).toBe(false);
  });

  it.each<{ name: string; attempt: () => Promise<unknown>; member: string }>([
    {
      name: 'a client id of a resource server',
      attempt: () => store.putClient(aClient('orders-api')),
      member: 'client_id',
    },
    {
      name: 'a client id of a client',
      attempt: () => store.putResourceServer(anApi('stock', 'web')),
      member: 'client_id',
    },
    {
      name: 'a client id of another API',
      attempt: () => store.putResourceServer(anApi('stock', 'orders-api')),
      member: 'client_id',
    },
    {
      name: 'a resource of another API',
      attempt: () => store.putResourceServer(anApi('stock', 'stock-api', 'https://orders.example')),
      member: 'resource',
    },
    {
      name: 'an issuer of another provider',
      attempt: () => store.putIdentityProvider(aProvider('evil', 'https://corp.example')),
      member: 'issuer',
    },
  ])('do not give away $name', async ({ attempt, member }) => {
    await store.putResourceServer(anApi('orders'));
    await store.putClient(aClient('web'));
    await store.putIdentityProvider(aProvider('corp', 'https://corp.example'));
    const before = await store.list();
    expect(await memberOfConflict(attempt())).toBe(member);
    expect(await store.list()).toEqual(before);
  });

  it('give a client id that was given back to somebody else', async () => {
    await store.putResourceServer(anApi('orders', 'shared'));
    await store.putResourceServer(anApi('orders', 'other'));
    await store.putClient(aClient('shared'));
    await pool.query("DELETE FROM client WHERE client_id = 'shared'");
    await store.putResourceServer(anApi('orders', 'shared'));
  });

  it('let exactly one of many racers have a client id, whichever kind it registers', async () => {
    for (let round = 0; round < 10; round++) {
      const racers = Array.from({ length: 8 }, (_, at) =>
        at % 2 === 0
          ? memberOfConflict(store.putResourceServer(anApi(`r${round}-${at}`, `name-${round}`)))
          : memberOfConflict(
              pool
                .query('INSERT INTO client (client_id, document) VALUES ($1, $2)', [`name-${round}`, '{}'])
                .catch((error: { code: string }) => {
                  throw error.code === '23505' ? new RegistrationConflict('client', 'client_id') : error;
                }),
            ),
      );
      const outcomes = await Promise.all(racers);
      expect(outcomes.filter((one) => one === 'stored')).toHaveLength(1);
      expect(outcomes.filter((one) => one === 'client_id')).toHaveLength(7);
    }
  });

  it('are unavailable, and not absent, when the database is away', async () => {
    const away = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    await expect(new PostgresRegistrationStore(away).list()).rejects.toBeInstanceOf(Unavailable);
    await expect(new PostgresRegistrationStore(away).putClient(aClient('web'))).rejects.toBeInstanceOf(
      Unavailable,
    );
  });
});
