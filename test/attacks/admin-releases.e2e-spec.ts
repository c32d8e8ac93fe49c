import { SHIPPED_POLICIES, SHIPPED_TESTS } from '#core';
import type { AdminCaller } from '../support/deployment/admin-caller.ts';
import {
  startAdminProcess,
  startAdministration,
  type Administration,
} from '../support/deployment/admin-process.ts';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import type { NodeProcess } from '../support/deployment/node-process.ts';
import { Records } from '../support/deployment/records.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let administration: Administration;
let records: Records;
/** Holds all roles. */
let admin: AdminCaller;
let second: AdminCaller;
let publisher: AdminCaller;

const etagOf = ({ headers }: Answer): string => headers.get('etag') ?? '';
const reasonOf = ({ status, body }: Answer): string =>
  `${status} ${String(body['type']).replace('urn:oncekey:problem:', '')}`;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url, brokers: 2 });
  administration = await startAdministration(deployment);
  records = await Records.open(url);
  admin = administration.admin;
  second = administration.as('sam');
  publisher = administration.as('pat');
  await bind('sam', 'security-admin');
  await bind('pat', 'publisher');
  for (const caller of [second, publisher])
    await eventually(async () => (await caller.exchange('GET', '/whoami')).status === 200, 5_000);
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

/** A release that passes every check: the shipped policies, and one for leads, with tests. */
function document(without: readonly string[] = [], group = 'leads'): object {
  const isIn = ({ id }: { id: string }): boolean =>
    !without.some((one) => id.startsWith(`oncekey-admin.${one}`));
  const ask = (id: string, groups: readonly string[], decision: string): object => ({
    id,
    name: id,
    principal: { issuer: 'https://idp.example', subject: 'lea', groups },
    operation: 'orders.refund',
    parameters: { id: '42' },
    has_digest: true,
    time: '2026-01-05T09:00:00Z',
    expect: { decision },
  });
  const cedar = `@digest("required") @ttl("60")
permit (principal in Group::"${group}", action == Action::"orders.refund", resource == Api::"orders");`;
  return {
    policies: [...SHIPPED_POLICIES.filter(isIn), { id: 'refunds', cedar }],
    tests: [...SHIPPED_TESTS.filter(isIn), ask('may', [group], 'permit'), ask('may-not', [], 'deny')],
    apis: [
      {
        id: 'orders',
        operations: [{ id: 'orders.refund', method: 'POST', path: '/orders/{id}/refund', tags: ['write'] }],
      },
    ],
    claimed: {},
  };
}

async function draft(by: AdminCaller, content: object): Promise<Answer> {
  return by.put('/draft', content, etagOf(await by.get('/draft')));
}

async function publish(by: AdminCaller, message = 'a release'): Promise<Answer> {
  const headers = { 'If-Match': etagOf(await by.get('/releases/live')) };
  return by.call('POST', '/releases', { body: { message }, headers });
}

/** Everything that an admin call can change. */
async function state(): Promise<string> {
  const rows = await records.rows(
    `SELECT (SELECT version FROM draft_state)::text AS draft, (SELECT max(number) FROM release) AS release,
            (SELECT count(*) FROM role_binding)::int AS bindings, (SELECT count(*) FROM shadow)::int AS shadow,
            (SELECT count(*) FROM audit_event WHERE type = 'admin.act' AND outcome = 'done')::int AS acts`,
  );
  return JSON.stringify(rows);
}

const refunds = async (group: string, at = 0): Promise<number> => {
  const claims = { sub: 'lea', groups: [group] };
  return (
    await new Caller(deployment, at).exchange({ subject_token: deployment.issuerServer.idToken(claims) })
  ).status;
};

describe('P-15 nobody locks everybody out', () => {
  it.each([
    ['policies over drafts', 'policy-author'],
    ['the policy over releases', 'publisher'],
    ['the policy over role bindings', 'security-admin'],
    ['the guard', 'guard'],
  ])('by publishing without %s', async (_, without) => {
    expect(reasonOf(await draft(admin, document([without])))).toBe('200 undefined');
    const before = await state();
    expect(reasonOf(await publish(admin))).toBe('409 admin.lockout');
    expect(await state()).toBe(before);
    expect((await admin.post('/draft/reset', {})).status).toBe(200);
  });

  it('by taking the last of all roles', async () => {
    const bindings = (await second.get('/role-bindings?role=publisher&subject=ada')).body['items'];
    const [binding] = bindings as { id: string }[];
    const path = `/role-bindings/${binding?.id}`;
    const version = etagOf(await second.get(path));
    expect(reasonOf(await admin.delete(path, version))).toBe('403 admin.own_rights');
    expect(reasonOf(await second.delete(path, version))).toBe('409 admin.lockout');
    expect((await second.get(path)).status).toBe(200);
  });

  it('and an honest release goes live', async () => {
    expect((await draft(admin, document())).status).toBe(200);
    const published = await publish(admin);
    expect([published.status, published.body['author']]).toEqual([201, `${deployment.issuerServer.url}|ada`]);
    for (const at of [0, 1]) await eventually(async () => (await refunds('leads', at)) === 200, 2_000);
    expect(await refunds('support')).toBe(400);
  });
});

describe('P-11 four eyes, when the policy that spares them is gone', () => {
  it('the author is refused, somebody else publishes', async () => {
    expect((await draft(admin, document(['publish-own']))).status).toBe(200);
    expect((await publish(admin)).status).toBe(201);
    expect((await draft(admin, document(['publish-own'], 'chiefs'))).status).toBe(200);
    const refused = await publish(admin);
    expect(reasonOf(refused)).toBe('409 admin.same_author');
    expect(await records.eventOf(refused)).toMatchObject({ outcome: 'refused', reason: 'admin.same_author' });
    expect((await publish(publisher)).status).toBe(201);
    await eventually(async () => (await refunds('chiefs')) === 200, 2_000);
  });
});

describe('P-25 what only asks writes nothing', () => {
  const range = { from: '2026-01-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
  const openapi = { openapi: '3.1.0', paths: { '/a': { get: { operationId: 'a' } } } };

  it.each<[string, string, () => object]>([
    ['a test', '/draft/test', () => ({})],
    ['a plan', '/draft/plan', () => ({ document: document([], 'strangers'), replay: range })],
    ['a replay', '/draft/replay', () => ({ ...range, against: 'live' })],
    ['a preview', '/operations-import/preview', () => ({ api: 'orders', openapi })],
    ['a format', '/draft/format', () => ({ cedar: 'permit(principal,action,resource);' })],
  ])('%s', async (_, path, body) => {
    const before = await state();
    expect((await admin.post(path, body())).status).toBe(200);
    expect(await state()).toBe(before);
    const stranger = administration.as('mallory');
    expect((await stranger.exchange('POST', path, { body: body() })).status).toBe(400);
  });
});

describe('P-31 a release that is published over REST decides everywhere', () => {
  it('within a second, and where no broker hears of it within two', async () => {
    expect((await draft(admin, document(['publish-own'], 'deputies'))).status).toBe(200);
    expect((await publish(publisher)).status).toBe(201);
    for (const at of [0, 1]) await eventually(async () => (await refunds('deputies', at)) === 200, 1_000);

    const shadow = await admin.call('PUT', '/shadow', { body: {} });
    expect(shadow.status).toBe(200);
    await records.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query ILIKE 'LISTEN%'`,
    );
    expect((await draft(admin, document(['publish-own'], 'leads'))).status).toBe(200);
    expect((await publish(publisher)).status).toBe(201);
    for (const at of [0, 1]) await eventually(async () => (await refunds('leads', at)) === 200, 2_000);
    expect(await refunds('deputies')).toBe(400);
    expect((await admin.call('DELETE', '/shadow')).status).toBe(204);
  });
});

describe('of many at once', () => {
  it('one replaces a policy, and one publishes', async () => {
    const read = await admin.get('/policies/refunds');
    const body = { id: 'refunds', cedar: String(read.body['cedar']).replace('60', '30') };
    const replaced = await Promise.all(
      Array.from({ length: 50 }, () => admin.put('/policies/refunds', body, etagOf(read))),
    );
    const statuses = replaced.map(({ status }) => status);
    expect([statuses.filter((one) => one === 200).length, new Set(statuses)]).toEqual([
      1,
      new Set([200, 412]),
    ]);

    const published = await Promise.all(Array.from({ length: 10 }, () => publish(publisher)));
    const won = published.filter(({ status }) => status === 201);
    expect(won).toHaveLength(1);
    expect(published.filter(({ status }) => ![201, 409, 412].includes(status))).toEqual([]);
  }, 60_000);
});

describe('P-30 an import is done, or not', () => {
  const operations = (prefix: string, count = 900): object => ({
    openapi: '3.1.0',
    paths: Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `/${prefix}${at}`,
        { get: { operationId: `${prefix}${at}` } },
      ]),
    ),
  });
  const idsOf = async (): Promise<string> =>
    JSON.stringify(
      await records.rows(
        String.raw`SELECT regexp_replace(id, '\d+$', '') AS start, count(*)::int FROM draft_operation GROUP BY 1 ORDER BY 1`,
      ),
    );

  it.each<[string, () => object, string]>([
    [
      'a path that is no path',
      () => ({ ...operations('x', 5), paths: { '/a': { get: {} }, '/{b}{c}': { get: {} } } }),
      '/openapi',
    ],
    ['more operations than a catalog holds', () => operations('x', 1001), '/openapi'],
  ])('%s keeps all of it out', async (_, openapi, pointer) => {
    const before = [await state(), await idsOf()];
    const headers = { 'If-Match': etagOf(await admin.get('/draft')) };
    const refused = await admin.call('POST', '/operations-import', {
      body: { api: 'orders', openapi: openapi() },
      headers,
    });
    expect(reasonOf(refused)).toBe('422 admin.invalid');
    expect(refused.text).toContain(`"#${pointer}`);
    expect([await state(), await idsOf()]).toEqual(before);
  });

  it('P-30 a draft of which half is wrong changes nothing', async () => {
    const before = await state();
    const wrong = document() as { policies: object[] };
    wrong.policies.push({
      id: 'wrong',
      cedar: 'permit (principal, action == Action::"orders.refnd", resource);',
    });
    const refused = await draft(admin, wrong);
    expect(reasonOf(refused)).toBe('422 admin.invalid');
    expect(refused.text).toContain('"suggestion":"orders.refund"');
    expect(await state()).toBe(before);
  });

  it('kill -9 in the middle leaves all of it or nothing', async () => {
    let node: NodeProcess = administration.node;
    const { url } = administration;
    const env = { ONCEKEY_ADMIN_PORT: new URL(url).port, ONCEKEY_ADMIN_URL: url };
    const seen = { nothing: 0, all: 0 };
    try {
      for (let round = 0; round < 6; round++) {
        const before = await idsOf();
        const prefix = `k${round}x`;
        const body = { api: 'orders', openapi: operations(prefix), remove: true };
        const headers = { 'If-Match': etagOf(await admin.get('/draft')) };
        const answer = admin.call('POST', '/operations-import', { body, headers }).catch(() => null);
        await new Promise((resolve) => setTimeout(resolve, 100 + round * 120));
        await node.stop('SIGKILL');
        await answer;
        const after = await idsOf();
        if (after === before) seen.nothing++;
        else {
          expect(JSON.parse(after)).toEqual([{ start: expect.stringMatching(/^orders\.k/), count: 900 }]);
          seen.all++;
        }
        ({ node } = await startAdminProcess(deployment, env));
      }
      expect(seen.nothing).toBeGreaterThan(0);
      const headers = { 'If-Match': etagOf(await admin.get('/draft')) };
      const body = { api: 'orders', openapi: operations('done', 20), remove: true };
      const done = await admin.call('POST', '/operations-import', { body, headers });
      expect([done.status, (done.body['added'] as unknown[]).length]).toEqual([200, 20]);
    } finally {
      await node.stop();
    }
  }, 120_000);
});
