import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import type { Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let administration: Administration;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  administration = await startAdministration(deployment);
}, 60_000);
afterAll(async () => {
  await administration?.stop();
  await deployment?.stop();
});

const JWKS = { keys: [makeSigningKey().publicJwk] };
const GOOD = {
  client_id: 'robot',
  jwks: JWKS,
  identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
  resource_servers: ['orders'],
};
const DEVICE = {
  id: 'laptop',
  owner: { issuer: 'https://idp.example', subject: 'ada' },
  keys: [makeSigningKey().thumbprint],
  platform: 'linux',
};

/** The positive control: an honest admin is served, and what was refused has left nothing. */
afterEach(async () => {
  const { admin } = administration;
  const created = await admin.post('/clients', { ...GOOD, client_id: 'honest' });
  expect(created.status).toBe(201);
  expect((await admin.delete('/clients/honest', created.headers.get('etag') ?? '')).status).toBe(204);
  expect((await admin.get('/clients/robot')).status).toBe(404);
});

function expectProblem(answer: Answer, status: number, reason: string): void {
  expect([answer.status, answer.body['type']]).toEqual([status, `urn:oncekey:problem:${reason}`]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.text).not.toMatch(/stack|node_modules|SELECT|postgres/i);
}

const pointersOf = ({ body }: Answer): readonly (string | undefined)[] =>
  ((body['errors'] ?? []) as { pointer?: string }[]).map(({ pointer }) => pointer);

describe('P-01: members that nobody asked for', () => {
  it.each([
    'id',
    'version',
    'createdBy',
    'updated_by',
    'updated_at',
    'tenantId',
    'isAdmin',
    'status',
    '__proto__',
    'constructor',
  ])('%s is refused by its name', async (member) => {
    const body = JSON.stringify(GOOD).replace('{', `{"${member}":"x",`);
    const answer = await administration.admin.post('/clients', body);
    expectProblem(answer, 422, 'admin.invalid');
    expect(pointersOf(answer)).toContain(`#/${member}`);
  });

  it.each([
    ['/clients', { ...GOOD, identity_providers: [{ id: 'corp', audiences: ['a'], admin: true }] }, '/admin'],
    ['/clients', { ...GOOD, jwks: { ...JWKS, secret: 1 } }, '#/jwks/secret'],
    ['/devices', { ...DEVICE, owner: { ...DEVICE.owner, role: 'x' } }, '#/owner/role'],
  ])('of %s, below the top as well', async (path, body, pointer) => {
    const answer = await administration.admin.post(path, body);
    expectProblem(answer, 422, 'admin.invalid');
    expect(pointersOf(answer).join(' ')).toContain(pointer);
  });
});

describe('P-03, P-06: other types than those that are meant', () => {
  it.each<[string, string, string]>([
    ['a list at the top', '/clients', '[]'],
    ['null at the top', '/clients', 'null'],
    ['a text at the top', '/clients', '"a"'],
  ])('%s is malformed', async (_, path, body) => {
    expectProblem(await administration.admin.post(path, body), 400, 'admin.malformed');
  });

  it.each<[string, string, object]>([
    ['a list for jwks', '/clients', { ...GOOD, jwks: [] }],
    ['null for jwks', '/clients', { ...GOOD, jwks: null }],
    ['a number for client_id', '/clients', { ...GOOD, client_id: 5 }],
    ['a list for client_id', '/clients', { ...GOOD, client_id: ['robot'] }],
    ['an object for a list', '/clients', { ...GOOD, resource_servers: {} }],
    ['a list in a list', '/clients', { ...GOOD, resource_servers: [['orders']] }],
    ['a list for a nested object', '/clients', { ...GOOD, identity_providers: [[]] }],
    ['a text for a switch', '/clients', { ...GOOD, enabled: 'true' }],
    ['a number for a switch', '/clients', { ...GOOD, legacy_audience: 1 }],
    ['a text for a number', '/clients', { ...GOOD, max_assertion_seconds: '600' }],
    ['a fraction', '/clients', { ...GOOD, max_assertion_seconds: 600.5 }],
    ['a list for an owner', '/devices', { ...DEVICE, owner: [] }],
    ['a role that is none', '/role-bindings', { id: 'a', role: ['auditor'], group: 'x' }],
    ['a role of the providers', '/role-bindings', { id: 'a', role: 'auditor', group: 'oncekey:publisher' }],
    ['no holder', '/role-bindings', { id: 'a', role: 'auditor' }],
    [
      'two holders',
      '/role-bindings',
      { id: 'a', role: 'auditor', group: 'x', subject: 'y', issuer: 'https://z' },
    ],
  ])('%s is invalid', async (_, path, body) => {
    const answer = await administration.admin.post(path, body);
    expectProblem(answer, 422, 'admin.invalid');
    expect(pointersOf(answer).every((pointer) => pointer?.startsWith('#/'))).toBe(true);
  });

  it.each(['1e400', '-0', '9007199254740993', '-1', '1e3000'])(
    '%s is no number of seconds',
    async (number) => {
      const body = JSON.stringify(GOOD).replace('{', `{"max_assertion_seconds":${number},`);
      expectProblem(await administration.admin.post('/clients', body), 422, 'admin.invalid');
    },
  );
});

describe('P-07: documents that are too much', () => {
  it.each<[string, () => string, number, string]>([
    ['1000 levels', () => `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`, 400, 'admin.malformed'],
    [
      '100 000 entries',
      () => JSON.stringify({ ...GOOD, resource_servers: Array(60_000).fill('a') }),
      422,
      'admin.invalid',
    ],
  ])('%s', async (_, body, status, reason) => {
    expectProblem(await administration.admin.post('/clients', body()), status, reason);
  });
});

describe('check 99, RFC 9110 §13.1.1: changes of what one has not read (P-16)', () => {
  it.each([
    ['without If-Match', {}, 428, 'admin.precondition_required'],
    ['with *', { 'If-Match': '*' }, 412, 'admin.precondition_failed'],
    ['with a list', { 'If-Match': '"1", "2"' }, 412, 'admin.precondition_failed'],
    ['with a stale one', { 'If-Match': '"1"' }, 412, 'admin.precondition_failed'],
    ['with SQL', { 'If-Match': `"1' OR '1'='1"` }, 412, 'admin.precondition_failed'],
  ])('%s', async (_, headers, status, reason) => {
    const { admin } = administration;
    const before = await admin.get('/clients/desk');
    const { updated_at: _a, updated_by: _b, ...document } = before.body;
    expectProblem(await admin.call('PUT', '/clients/desk', { body: document, headers }), status, reason);
    expectProblem(await admin.call('DELETE', '/clients/desk', { headers }), status, reason);
    expect((await admin.get('/clients/desk')).text).toBe(before.text);
  });

  it('with the right one, made weak', async () => {
    const { admin } = administration;
    const before = await admin.get('/clients/desk');
    const headers = { 'If-Match': `W/${before.headers.get('etag')}` };
    expectProblem(await admin.call('DELETE', '/clients/desk', { headers }), 412, 'admin.precondition_failed');
  });
});

describe('P-18: patches', () => {
  it.each([
    'application/json-patch+json',
    'application/merge-patch+json',
    'text/plain',
    'application/x-www-form-urlencoded',
  ])('%s is not what is taken', async (type) => {
    const answer = await administration.admin.post('/clients', GOOD, { 'Content-Type': type });
    expectProblem(answer, 415, 'admin.wrong_media_type');
  });

  it('PATCH is no method', async () => {
    const answer = await administration.admin.send('PATCH', '/clients/desk', { body: {} });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, PUT, DELETE']);
  });
});

describe('P-19: an Idempotency-Key', () => {
  it('stands for one body', async () => {
    const { admin } = administration;
    const headers = { 'Idempotency-Key': '"p-19"' };
    const first = await admin.post('/devices', { ...DEVICE, id: 'p-19' }, headers);
    expect(first.status).toBe(201);
    expect((await admin.post('/devices', { ...DEVICE, id: 'p-19' }, headers)).text).toBe(first.text);
    const other = await admin.post('/devices', { ...DEVICE, id: 'p-19-b' }, headers);
    expectProblem(other, 422, 'admin.idempotency_conflict');
    const elsewhere = await admin.post('/clients', GOOD, headers);
    expectProblem(elsewhere, 422, 'admin.idempotency_conflict');
    expectProblem(await admin.post('/clients', GOOD, { 'Idempotency-Key': 'bare' }), 400, 'admin.malformed');
  });
});

describe('P-20: ids', () => {
  it.each([
    'undefined',
    'null',
    '%5B%5D',
    '%7B%7D',
    "'%20OR%20'1'%3D'1",
    '1%3BDROP%20TABLE%20client',
    '%20desk',
    'desk%20',
    'DESK',
    '0',
    '%C3%A4',
    'a'.repeat(128),
    '__proto__',
    'constructor',
  ])('%s is nobody', async (id) => {
    expectProblem(await administration.admin.get(`/clients/${id}`), 404, 'admin.not_found');
  });

  it.each(['%00', 'a%00', '%2Fdesk', '..', '%2e%2e', 'desk/', 'desk%2F', '%64esk', 'desk;a=b', '%'])(
    '%s is no path',
    async (id) => {
      const { status } = await administration.admin.send('GET', `/clients/${id}`);
      // What a URL parser on the way makes of dots is another path, and not one without a token.
      expect([404, 401]).toContain(status);
    },
  );
});

describe('P-21, P-23: queries', () => {
  it.each([
    'sort=id',
    'filter=id',
    'fields=id',
    'search=pg_sleep(5)',
    'order=id;DROP%20TABLE%20client',
    'limit=0',
    'limit=-1',
    'limit=1000000000',
    'limit=1.5',
    'limit%5B%5D=1',
    'limit=1&limit=2',
    'resource_server=a&resource_server=b',
    'resource_server%5B%24ne%5D=a',
  ])('%s is malformed', async (query) => {
    expectProblem(await administration.admin.get(`/clients?${query}`), 400, 'admin.malformed');
  });

  it.each(['YQ%3D%3D', '%27', 'a.b', '_w'])('P-22: the cursor %s is none of ours', async (cursor) => {
    const { status } = await administration.admin.get(`/clients?cursor=${cursor}`);
    expect(status).toBe(400);
  });

  it('a filter is a value, whatever it looks like', async () => {
    const answer = await administration.admin.get(`/clients?resource_server=${'%27%20OR%20%271%27%3D%271'}`);
    expect([answer.status, answer.body['items']]).toEqual([200, []]);
  });
});

describe('P-24: names that do something where they are shown', () => {
  it.each([
    ['markup', '<script>alert(1)</script>'],
    ['a formula', '=HYPERLINK("http://evil")'],
    ['an escape', 'a\u001b[2J'],
    ['a turn of direction', 'a\u202eb'],
    ['a line break', 'a\nb'],
    ['NUL', 'a\u0000b'],
  ])('%s is no id of a registration', async (_, id) => {
    const { admin } = administration;
    expectProblem(await admin.post('/devices', { ...DEVICE, id }), 422, 'admin.invalid');
    expectProblem(
      await admin.post('/role-bindings', { id, role: 'auditor', group: 'x' }),
      422,
      'admin.invalid',
    );
    const owner = { issuer: 'https://idp.example', subject: id };
    if (!/^[ -~]*$/.test(id)) {
      expectProblem(await admin.post('/devices', { ...DEVICE, owner }), 422, 'admin.invalid');
    }
  });
});

describe('P-27: what others refer to', () => {
  it.each([
    ['/identity-providers/corp', 'clients of it'],
    ['/resource-servers/orders', 'clients and the live release'],
  ])('%s stays for the sake of %s', async (path) => {
    const { admin } = administration;
    const before = await admin.get(path);
    const refused = await admin.delete(path, before.headers.get('etag') ?? '');
    expectProblem(refused, 409, 'admin.referenced');
    expect((await admin.get(path)).text).toBe(before.text);
  });

  it('a client may not name what there is not', async () => {
    const { admin } = administration;
    const answer = await admin.post('/clients', { ...GOOD, resource_servers: ['orders', 'nothing'] });
    expectProblem(answer, 422, 'admin.invalid');
    expect(pointersOf(answer)).toEqual(['#/resource_servers/1']);
  });
});
