import { ADMIN_API_ID } from '#core';
import type { AdminCaller } from '../support/deployment/admin-caller.ts';
import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import type { Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { Records } from '../support/deployment/records.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let administration: Administration;
let records: Records;
/** Holds all roles; drafts policies; publishes. */
let admin: AdminCaller;
let author: AdminCaller;
let publisher: AdminCaller;

const etagOf = ({ headers }: Answer): string => headers.get('etag') ?? '';
const reasonOf = ({ status, body }: Answer): string =>
  `${status} ${String(body['type']).replace('urn:oncekey:problem:', '')}`;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  administration = await startAdministration(deployment);
  records = await Records.open(url);
  admin = administration.admin;
  author = administration.as('eve');
  publisher = administration.as('pat');
  await bind('eve', 'policy-author');
  await bind('pat', 'publisher');
  for (const caller of [author, publisher]) await permitted(caller);
}, 90_000);
afterAll(async () => {
  await records?.close();
  await administration?.stop();
  await deployment?.stop();
});

async function bind(subject: string, role: string): Promise<void> {
  const body = { id: `${subject}-${role}`, role, issuer: deployment.issuerServer.url, subject };
  const bound = await admin.post('/role-bindings', body);
  if (bound.status !== 201) throw new Error(bound.text);
}

/** A binding takes effect within a second. */
async function permitted(caller: AdminCaller): Promise<void> {
  for (let times = 0; times < 50; times++) {
    if ((await caller.exchange('GET', '/whoami')).status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the binding took no effect');
}

const policy = (id: string, cedar: string): object => ({ id, cedar });
const ORDERS =
  'permit (principal in Group::"x", action == Action::"orders.read", resource == Api::"orders");';
const ADMIN = `permit (principal == User::"https://idp.example|eve", action, resource == Api::"${ADMIN_API_ID}");`;

async function state(): Promise<string> {
  const rows = await records.rows(
    `SELECT (SELECT version FROM draft_state)::text AS draft, (SELECT max(number) FROM release) AS release,
            (SELECT count(*) FROM role_binding)::int AS bindings, (SELECT count(*) FROM shadow)::int AS shadow`,
  );
  return JSON.stringify(rows);
}

/** Refused, and nothing is another than before. Ends with the same call made well. */
async function expectRefused(call: () => Promise<Answer>, expected: string): Promise<Answer> {
  const before = await state();
  const answer = await call();
  expect(reasonOf(answer)).toBe(expected);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(await state()).toBe(before);
  return answer;
}

/** The positive control: an honest policy is still drafted, and goes again. */
async function expectWorking(caller: AdminCaller = author): Promise<void> {
  const made = await caller.post('/policies', policy('control', ORDERS));
  expect([made.status, made.body['effect']]).toEqual([201, 'permit']);
  expect((await caller.delete('/policies/control', etagOf(made))).status).toBe(204);
}

const OPERATION = { id: 'orders.new', api: 'orders', method: 'GET', path: '/new', tags: [] };

describe('P-05 P-07 P-08 P-09 P-13 what a draft takes', () => {
  const deep = (levels: number): string => `${'('.repeat(levels)}true${')'.repeat(levels)}`;
  const when = (condition: string): string =>
    `permit (principal, action == Action::"orders.read", resource == Api::"orders") when { ${condition} };`;

  it.each<[string, string, object]>([
    ['P-05 an unknown member', '/policies', { id: 'a', cedar: ORDERS, efect: 'deny' }],
    ['P-05 an unknown operator', '/policies', policy('a', when('context.client.id ~= "x"'))],
    ['P-05 an unknown effect', '/policies', policy('a', ORDERS.replace('permit', 'allow'))],
    ['P-05 an unknown attribute', '/policies', policy('a', when('context.client.ip == "x"'))],
    ['P-05 an unknown annotation', '/policies', policy('a', `@tll("1") ${ORDERS}`)],
    ['P-05 two policies in one', '/policies', policy('a', `${ORDERS} ${ORDERS}`)],
    ['P-05 a template', '/policies', policy('a', 'permit (principal == ?principal, action, resource);')],
    ['P-05 a test that expects nothing', '/policy-tests', { id: 'a', name: 'a' }],
    ['P-05 an operation of no method', '/operations', { ...OPERATION, method: 'get' }],
    ['P-05 an attribute of no type', '/context-attributes', { name: 'a', type: 'Any' }],
    ['P-06 a number for a text', '/policies', { id: 5, cedar: ORDERS }],
    ['P-07 a text without end', '/policies', policy('a', `${ORDERS}//${'x'.repeat(20_000)}`)],
    ['P-07 a depth of 1000', '/policies', policy('a', when(deep(1000)))],
    ['P-07 10000 operators', '/policies', policy('a', when(Array(10_000).fill('true').join(' && ')))],
    ['P-08 a regular expression', '/policies', policy('a', when('context.client.id.matches("(a+)+$")'))],
    ['P-08 a regular expression in a like', '/policies', policy('a', when('context.client.id =~ /(a+)+$/'))],
    ['P-09 a hidden character', '/policies', policy('a', `${ORDERS} // \u200b`)],
    ['P-09 an operation with a wildcard', '/operations', { ...OPERATION, path: '/{rest+}' }],
    ['P-09 an operation that is a glob', '/operations', { ...OPERATION, id: '*' }],
    [
      'P-13 an API that nobody registered',
      '/policies',
      policy('a', ORDERS.replace('Api::"orders"', 'Api::"secret"')),
    ],
    ['P-20 an id that is a path', '/policies', policy('../a', ORDERS)],
    ['an operation of the admin API', '/operations', { ...OPERATION, api: ADMIN_API_ID }],
    ['an operation called as one', '/operations', { ...OPERATION, id: 'admin.right.guard' }],
  ])('%s is refused', async (_, path, body) => {
    await expectRefused(() => author.post(path, body), '422 admin.invalid');
  });

  it('P-07 a body of megabytes is not read', async () => {
    const body = { policies: [policy('a', 'x'.repeat(1_100_000))], apis: [] };
    const answer = await admin.send('PUT', '/draft', { body }).catch(() => ({ status: 413 }));
    expect(answer.status).toBe(413);
  });

  it('P-08 a like of many stars is decided in no time', async () => {
    const stars = `context.operation.path like "${'*a'.repeat(60)}*b"`;
    const made = await author.post('/policies', policy('stars', when(stars)));
    expect(made.status).toBe(201);
    const request = {
      principal: { issuer: 'https://idp.example', subject: 'x', groups: [] },
      operation: 'orders.read',
      parameters: { id: 'a'.repeat(250) },
      time: '2026-01-05T09:00:00Z',
    };
    const began = performance.now();
    const simulated = await author.post('/draft/simulate', request);
    expect(simulated.body['policies']).toEqual(['everybody-reads']);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect((await author.delete('/policies/stars', etagOf(made))).status).toBe(204);
  });

  it('P-09 what is broader than it may be meant is said to be', async () => {
    const broad = policy(
      'broad',
      'permit (principal, action in Action::"api:orders", resource == Api::"orders");',
    );
    const made = await author.post('/policies', broad);
    expect(made.status).toBe(201);
    const warnings = made.body['warnings'] as { policy: string; rule: string }[];
    expect(warnings).toContainEqual(expect.objectContaining({ policy: 'broad', rule: 'permits-everybody' }));
    expect((await author.delete('/policies/broad', etagOf(made))).status).toBe(204);
  });

  it('P-13 names of other APIs are refused in the words for names that do not exist', async () => {
    const ask = async (api: string): Promise<string> => {
      const { text } = await author.post(
        '/policies',
        policy('a', ORDERS.replace('Api::"orders"', `Api::"${api}"`)),
      );
      return text.replaceAll(api, 'X').replace(/"suggestion":(null|"[^"]*")/, '');
    };
    expect(await ask('unheard-of')).toBe(await ask('unheard-of-too'));
    await expectWorking();
  });
});

describe('P-10 P-11 who may change what can match the admin API', () => {
  it.each<[string, () => Promise<Answer>]>([
    ['drafts a policy over it', () => author.post('/policies', policy('mine', ADMIN))],
    [
      'drafts one without a scope',
      () => author.post('/policies', policy('mine', 'permit (principal, action, resource);')),
    ],
    [
      'drafts one over a group of its operations',
      () =>
        author.post(
          '/policies',
          policy('mine', 'permit (principal, action in Action::"tag:admin-draft", resource);'),
        ),
    ],
    [
      'forbids all of it',
      () => author.post('/policies', policy('mine', 'forbid (principal, action, resource);')),
    ],
    [
      'rewrites a shipped one',
      async () => {
        const shipped = await author.get('/policies/oncekey-admin.guard');
        const cedar = String(shipped.body['cedar']).replace('security-admin', 'policy-author');
        return author.put(
          '/policies/oncekey-admin.guard',
          policy('oncekey-admin.guard', cedar),
          etagOf(shipped),
        );
      },
    ],
    [
      'hides a shipped one behind another scope',
      async () => {
        const shipped = await author.get('/policies/oncekey-admin.publish-own');
        return author.put(
          '/policies/oncekey-admin.publish-own',
          policy('oncekey-admin.publish-own', ORDERS),
          etagOf(shipped),
        );
      },
    ],
    [
      'deletes a shipped one',
      async () =>
        author.delete(
          '/policies/oncekey-admin.read',
          etagOf(await author.get('/policies/oncekey-admin.read')),
        ),
    ],
    [
      'brings one in with the whole draft',
      async () => {
        const draft = await author.get('/draft');
        const document = draft.body['document'] as { policies: object[] };
        const policies = [...document.policies, policy('mine', ADMIN)];
        return author.put('/draft', { ...document, policies }, etagOf(draft));
      },
    ],
    [
      'empties the whole draft',
      async () => author.put('/draft', { policies: [], apis: [] }, etagOf(await author.get('/draft'))),
    ],
  ])('an author %s: refused, and on record', async (_, call) => {
    const refused = await expectRefused(call, '403 admin.forbidden');
    expect(refused.body['right']).toBe('admin.right.guard');
    expect(await records.eventOf(refused)).toMatchObject({
      type: 'admin.act',
      outcome: 'refused',
      reason: 'admin.forbidden',
      subject: { subject: 'eve' },
    });
  });

  it.each<[string, string, string, object]>([
    ['binds a role', 'POST', '/role-bindings', { id: 'a', role: 'security-admin', group: 'x' }],
    ['publishes', 'POST', '/releases', { message: 'mine' }],
    ['starts a shadow', 'PUT', '/shadow', {}],
    ['uses a right as if it were a call', 'POST', '/rights/guard', {}],
  ])('an author %s: no token', async (_, method, path, body) => {
    expect((await author.exchange(method, path, { body })).status).toBe(400);
    await expectWorking();
  });

  it('a group of the token that is called like a role is none', async () => {
    const stranger = administration.as('mallory');
    const claims = { groups: ['oncekey:security-admin', 'oncekey:policy-author'] };
    expect((await stranger.exchange('GET', '/draft', { claims })).status).toBe(400);
    await expectWorking();
  });

  it('a publisher cannot bring in what somebody else drafted over the admin API', async () => {
    const made = await admin.post('/policies', policy('guarded', ADMIN));
    expect(made.status).toBe(201);
    const live = await publisher.get('/releases/live');
    const body = { message: 'x' };
    const answer = await expectRefused(
      () => publisher.call('POST', '/releases', { body, headers: { 'If-Match': etagOf(live) } }),
      '409 admin.untested',
    );
    expect(answer.text).toContain('guarded');
    await withoutTestsDemanded(async (number) => {
      const refused = await expectRefused(
        () => publisher.call('POST', '/releases', { body, headers: { 'If-Match': `"${number}"` } }),
        '403 admin.forbidden',
      );
      expect(refused.body['right']).toBe('admin.right.guard');
    });
  });
});

const UNTESTED = `permit (principal in Group::"oncekey:publisher", action == Action::"admin.right.publish-untested",
  resource == Api::"oncekey-admin");`;

/** Lets publishers publish untested policies: behind the back of the API, since it would not let us. */
async function withoutTestsDemanded(work: (live: number) => Promise<void>): Promise<void> {
  const { publishNow, bringBack } = await import('../support/deployment/publish-now.ts');
  const before = Number((await admin.get('/releases/live')).body['number']);
  const number = await publishNow(records, { untested: UNTESTED });
  try {
    await work(number);
  } finally {
    await bringBack(records, before);
    expect((await admin.post('/draft/reset', {})).status).toBe(200);
  }
}
