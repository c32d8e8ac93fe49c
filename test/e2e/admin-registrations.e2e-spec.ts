import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { IssuerServer } from '../support/deployment/issuer-server.ts';
import { Records } from '../support/deployment/records.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let administration: Administration;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  administration = await startAdministration(deployment);
  records = await Records.open(url);
}, 60_000);
afterAll(async () => {
  await records?.close();
  await administration?.stop();
  await deployment?.stop();
});

const client = (changes: object = {}): object => ({
  client_id: 'robot',
  jwks: { keys: [makeSigningKey().publicJwk] },
  identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
  resource_servers: ['orders'],
  ...changes,
});

const etagOf = ({ headers }: { headers: Headers }): string => headers.get('etag') ?? '';

describe('a registration over REST', () => {
  it('is created, read, listed, replaced and deleted', async () => {
    const { admin, url } = administration;
    const created = await admin.post('/clients', client());
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe('/admin/v1/clients/robot');
    expect(created.headers.get('cache-control')).toBe('no-store');
    expect(created.body).toMatchObject({
      client_id: 'robot',
      enabled: true,
      updated_by: `${deployment.issuerServer.url}|ada`,
    });
    expect(Date.parse(String(created.body['updated_at']))).toBeGreaterThan(Date.now() - 60_000);

    const read = await admin.get('/clients/robot');
    expect([read.status, read.text, etagOf(read)]).toEqual([200, created.text, etagOf(created)]);
    const again = await admin.get('/clients/robot', { headers: { 'If-None-Match': etagOf(read) } });
    expect([again.status, again.text]).toEqual([304, '']);

    const listed = await admin.get('/clients?resource_server=oncekey-admin');
    expect(listed.body['items']).toEqual([expect.objectContaining({ client_id: 'oncekey-cli' })]);

    const replaced = await admin.put('/clients/robot', client({ enabled: false }), etagOf(read));
    expect([replaced.status, replaced.body['enabled']]).toEqual([200, false]);
    expect(etagOf(replaced)).not.toBe(etagOf(read));

    expect((await admin.delete('/clients/robot', etagOf(read))).status).toBe(412);
    const deleted = await admin.delete('/clients/robot', etagOf(replaced));
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await admin.get('/clients/robot')).status).toBe(404);
    expect(url).toMatch(/^http/);
  });

  it('is listed in pages that miss nothing and repeat nothing', async () => {
    const { admin } = administration;
    const all = (await admin.get('/clients')).body['items'] as { client_id: string }[];
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await admin.get(`/clients?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`);
      paged.push(...(page.body['items'] as typeof all).map(({ client_id: id }) => id));
      cursor = page.body['next'] as string | null;
    } while (cursor !== null);
    expect(paged).toEqual(all.map(({ client_id: id }) => id));
    expect(paged.length).toBeGreaterThanOrEqual(3);
  });

  it('takes effect at every broker within a second', async () => {
    const { admin } = administration;
    const key = makeSigningKey();
    const caller = new Caller(deployment);
    // A client that is known is asked for a nonce of its own; one that is not, is not authenticated.
    const exchange = async (): Promise<number> => {
      const assertion = caller.assertion({ iss: 'newcomer', sub: 'newcomer' }, {}, key);
      return (await caller.exchange({ client_assertion: assertion })).status;
    };
    expect(await exchange()).toBe(401);
    const body = client({ client_id: 'newcomer', jwks: { keys: [key.publicJwk] } });
    const created = await admin.post('/clients', body);
    expect(created.status).toBe(201);
    await eventually(async () => (await exchange()) === 400, 1_000);
    expect((await admin.delete('/clients/newcomer', etagOf(created))).status).toBe(204);
    await eventually(async () => (await exchange()) === 401, 1_000);
  });

  it('is on record with who did it and digests of before and after', async () => {
    const { admin } = administration;
    const created = await admin.post('/devices', {
      id: 'adas-laptop',
      owner: { issuer: deployment.issuerServer.url, subject: 'ada' },
      keys: [makeSigningKey().thumbprint],
      platform: 'linux',
    });
    expect(created.status).toBe(201);
    const rows = await records.rows<{ event: Record<string, unknown> }>(
      `SELECT event FROM audit_event WHERE event #>> '{act,target}' = 'devices/adas-laptop'`,
    );
    expect(rows.map(({ event }) => event)).toEqual([
      expect.objectContaining({
        type: 'admin.act',
        outcome: 'done',
        callerId: 'oncekey-cli',
        subject: { issuer: deployment.issuerServer.url, subject: 'ada' },
        act: {
          operation: 'admin.devices.create',
          target: 'devices/adas-laptop',
          before: null,
          after: expect.stringMatching(/^[\w-]{43}$/),
        },
      }),
    ]);
    const [decision] = await records.rows<{ event: Record<string, unknown> }>(
      `SELECT event FROM audit_event WHERE event ->> 'txn' = $1 AND event ->> 'type' = 'token.exchange'`,
      [rows[0]?.event['txn']],
    );
    expect(decision?.event).toMatchObject({ outcome: 'permitted', operationId: 'admin.devices.create' });
  });

  it('of an identity provider is saved when its discovery document says so', async () => {
    const { admin } = administration;
    const provider = await IssuerServer.start();
    const document = { id: 'branch', issuer: provider.url };
    try {
      provider.failure = {
        status: 200,
        body: JSON.stringify({ issuer: 'https://other.example', jwks_uri: 'x' }),
      };
      const refused = await admin.post('/identity-providers', document);
      expect([refused.status, refused.body['errors']]).toEqual([
        422,
        [{ detail: expect.any(String), pointer: '#/issuer' }],
      ]);
      provider.failure = { status: 500, body: 'a secret of that server' };
      const unreachable = await admin.post('/identity-providers', document);
      expect(unreachable.status).toBe(422);
      expect(unreachable.text).not.toContain('secret');
      expect((await admin.post('/identity-providers', { ...document, enabled: false })).status).toBe(201);
      provider.failure = null;
      const { headers } = await admin.get('/identity-providers/branch');
      const enabled = await admin.put('/identity-providers/branch', document, etagOf({ headers }));
      expect([enabled.status, enabled.body['enabled']]).toEqual([200, true]);
    } finally {
      await provider.stop();
    }
  });

  it('of a resource server lies below no other, and the admin API registers itself', async () => {
    const { admin, url } = administration;
    const server = {
      id: 'deep',
      client_id: 'deep-api',
      resource: 'https://api.example/v1/deep',
      jwks: { keys: [makeSigningKey().publicJwk] },
    };
    const below = await admin.post('/resource-servers', server);
    expect([below.status, below.body['type']]).toEqual([409, 'urn:oncekey:problem:admin.exists']);
    const own = await admin.get('/resource-servers/oncekey-admin');
    expect(own.body).toMatchObject({ id: 'oncekey-admin', resource: url });
    const { enabled: _e, updated_at: _a, updated_by: _b, ...document } = own.body;
    expect((await admin.put('/resource-servers/oncekey-admin', document, etagOf(own))).status).toBe(422);
    expect((await admin.delete('/resource-servers/oncekey-admin', etagOf(own))).status).toBe(422);
  });

  it('of a resource server says how it is answered, in a closed object', async () => {
    const { admin } = administration;
    const introspection = { exp: 'soon', aliases: { username: 'sub' }, peek: true };
    const server = {
      id: 'answered',
      client_id: 'answered-api',
      resource: 'https://answered.example',
      jwks: { keys: [makeSigningKey().publicJwk] },
    };
    for (const wrong of [
      { ...introspection, note: 'x' },
      [],
      { exp: 'never' },
      { peek: 'true' },
      { aliases: { active: 'sub' } },
      { aliases: { username: { of: 'sub' } } },
    ]) {
      const refused = await admin.post('/resource-servers', { ...server, introspection: wrong });
      expect([wrong, [400, 422].includes(refused.status)]).toEqual([wrong, true]);
      expect(refused.text).toContain('/introspection');
    }
    const created = await admin.post('/resource-servers', { ...server, introspection });
    expect([created.status, created.body['introspection']]).toEqual([201, introspection]);
    expect((await admin.delete('/resource-servers/answered', etagOf(created))).status).toBe(204);
  });

  it('of a role is for others than oneself, and never leaves nobody', async () => {
    const { admin, as } = administration;
    const { url: issuer } = deployment.issuerServer;
    const own = await admin.post('/role-bindings', { id: 'more', role: 'auditor', issuer, subject: 'ada' });
    expect([own.status, own.body['type']]).toEqual([403, 'urn:oncekey:problem:admin.own_rights']);
    const refusal = await records.eventOf(own);
    expect(refusal).toMatchObject({ type: 'admin.act', outcome: 'refused', reason: 'admin.own_rights' });

    const others = await admin.post('/role-bindings', {
      id: 'bob-audits',
      role: 'auditor',
      issuer,
      subject: 'bob',
    });
    expect(others.status).toBe(201);
    await eventually(async () => (await as('bob').exchange('GET', '/clients')).status === 200, 1_000);
    const denied = await as('bob').exchange('POST', '/clients', { body: client() });
    expect([denied.status, denied.body['error']]).toEqual([400, 'invalid_authorization_details']);
  });

  it('is not taken from the last who has it', async () => {
    const { admin, as } = administration;
    const { url: issuer } = deployment.issuerServer;
    const bind = { id: 'eve-binds', role: 'security-admin', issuer, subject: 'eve' };
    expect((await admin.post('/role-bindings', bind)).status).toBe(201);
    await eventually(async () => (await as('eve').exchange('GET', '/role-bindings')).status === 200, 1_000);
    const { body } = await as('eve').get('/role-bindings?role=publisher');
    const [{ id } = { id: '' }] = body['items'] as { id: string }[];
    const before = await admin.get(`/role-bindings/${id}`);
    const refused = await as('eve').delete(`/role-bindings/${id}`, etagOf(before));
    expect([refused.status, refused.body['type']]).toEqual([409, 'urn:oncekey:problem:admin.lockout']);
    expect(await records.eventOf(refused)).toMatchObject({ reason: 'admin.lockout', outcome: 'refused' });
    expect((await admin.get(`/role-bindings/${id}`)).text).toBe(before.text);
    const own = await as('eve').get('/role-bindings/eve-binds');
    expect((await as('eve').delete('/role-bindings/eve-binds', etagOf(own))).status).toBe(403);
    expect((await admin.delete('/role-bindings/eve-binds', etagOf(own))).status).toBe(204);
  });
});

describe('many at once', () => {
  it('of 50 who replace the same version, one does', async () => {
    const { admin } = administration;
    const created = await admin.post('/clients', client({ client_id: 'contested' }));
    const bodies = Array.from({ length: 50 }, (_, at) =>
      client({ client_id: 'contested', max_assertion_seconds: 60 + at }),
    );
    const answers = await Promise.all(
      bodies.map((body) => admin.put('/clients/contested', body, etagOf(created))),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array(49).fill(412)]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await admin.get('/clients/contested')).text).toBe(winner?.text);
  });

  it('of 20 with the same Idempotency-Key, one does it and the others hear the same or are asked to wait', async () => {
    const { admin } = administration;
    const body = JSON.stringify(client({ client_id: 'once' }));
    const headers = { 'Idempotency-Key': '"registered-once"' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => admin.post('/clients', body, headers)),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect((await admin.post('/clients', body, headers)).text).toBe(made[0]?.text);
    const other = await admin.post('/clients', client({ client_id: 'another' }), headers);
    expect([other.status, other.body['type']]).toEqual([
      422,
      'urn:oncekey:problem:admin.idempotency_conflict',
    ]);
    expect((await admin.get('/clients/another')).status).toBe(404);
  });
});
