import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import type { AdminCaller } from '../support/deployment/admin-caller.ts';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const WITHIN_MS = 20_000;

let deployment: Deployment;
let administration: Administration;
let admin: AdminCaller;
let caller: Caller;

beforeAll(async () => {
  deployment = await deploy({ databaseUrl: (await freshDatabase()).url });
  administration = await startAdministration(deployment);
  ({ admin } = administration);
  caller = new Caller(deployment);
  expect((await admin.post('/draft/reset', {})).status).toBe(200);
}, 180_000);
afterAll(async () => {
  await administration?.stop();
  await deployment?.stop();
});
afterEach(async () => {
  expect((await admin.post('/draft/reset', {})).status).toBe(200);
  await expectServed(caller);
});

const FORBID = 'forbid (principal, action == Action::"orders.refund", resource == Api::"orders")';

/** Policies of the deployment that nobody has tests of: no release has any. */
const UNTESTED = ['everybody-reads', 'self-writes', 'support-brief', 'support-secure'].map(
  (id) => `/policies/${id}`,
);

const live = (): Promise<Answer> => admin.get('/releases/live');
const draftPolicy = (cedar: string): Promise<Answer> =>
  admin.post('/policies', { id: 'stop-refunds', cedar });
async function publish(): Promise<Answer> {
  const headers = { 'If-Match': (await live()).headers.get('etag') ?? '' };
  return admin.call('POST', '/releases', { body: { message: 'no refunds' }, headers });
}

it.each([
  ['a syntax error', `${FORBID} when {`],
  ['an operation that there is not', 'forbid (principal, action == Action::"orders.fly", resource);'],
  ['an attribute that there is not', `${FORBID} when { context.nonsense == 1 };`],
])('B-09: a policy with %s does not get into the draft, and what is live stays', async (_, cedar) => {
  const before = await live();
  expect((await draftPolicy(cedar)).status).toBe(422);
  expect((await live()).body['number']).toBe(before.body['number']);
});

/** The policy that somebody regrets, and what is expected of the refunds of two orders. */
async function draftRegrettable(of42: 'permit' | 'deny'): Promise<void> {
  const test = (id: string, order: string, decision: string): object => ({
    id,
    name: id,
    principal: { issuer: deployment.issuerServer.url, subject: 'ada', groups: ['support'] },
    operation: 'orders.refund',
    parameters: { id: order },
    has_digest: true,
    time: '2026-01-05T09:00:00Z',
    expect: { decision },
  });
  for (const expected of [test('order-42', '42', of42), test('order-43', '43', 'permit')]) {
    expect((await admin.post('/policy-tests', expected)).status).toBe(201);
  }
  const drafted = await draftPolicy(`${FORBID} when { context.operation.params.id == "42" };`);
  expect([drafted.status, drafted.text]).toEqual([201, drafted.text]);
}

it('B-09: a release that one of its tests speaks against is not published, and what is live stays', async () => {
  const before = await live();
  await draftRegrettable('permit');
  const refused = await publish();
  expect([refused.status, refused.body['type']]).toEqual([409, 'urn:oncekey:problem:admin.tests_fail']);
  expect((await live()).body['number']).toBe(before.body['number']);
});

it('B-09: a release that should not have been is rolled back in one call', async () => {
  const before = Number((await live()).body['number']);
  await draftRegrettable('deny');
  for (const path of UNTESTED) {
    const { headers } = await admin.get(path);
    expect((await admin.delete(path, headers.get('etag') ?? '')).status).toBe(204);
  }
  const published = await publish();
  expect([published.status, published.text]).toEqual([201, published.text]);
  await eventually(async () => (await caller.exchange()).status === 400, WITHIN_MS);
  const rolledBack = await admin.call('POST', `/releases/${before}/rollback`, {
    body: { message: 'refunds go on' },
    headers: { 'If-Match': `"${Number(published.body['number'])}"` },
  });
  expect([rolledBack.status, rolledBack.body['rollback_of']]).toEqual([201, before]);
  await eventually(async () => (await caller.exchange()).status === 200, WITHIN_MS);
});
