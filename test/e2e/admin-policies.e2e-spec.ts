import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let administration: Administration;
let callers: readonly Caller[];

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url, brokers: 2 });
  administration = await startAdministration(deployment);
  callers = [new Caller(deployment, 0), new Caller(deployment, 1)];
}, 90_000);
afterAll(async () => {
  await administration?.stop();
  await deployment?.stop();
});

const etagOf = ({ headers }: Answer): string => headers.get('etag') ?? '';
const listOf = (answer: Answer, member: string): readonly Record<string, unknown>[] =>
  (answer.body[member] ?? []) as Record<string, unknown>[];

const refund = (caller: Caller, group: string): Promise<Answer> =>
  caller.exchange({ subject_token: deployment.issuerServer.idToken({ sub: 'lea', groups: [group] }) });

const LEADS = {
  id: 'leads-refund',
  cedar: `@owner("team-orders") @digest("required") @ttl("60")
permit (principal in Group::"leads", action == Action::"orders.refund", resource == Api::"orders");`,
};

const aTest = (id: string, groups: readonly string[], expect: object): object => ({
  id,
  name: `a test called ${id}`,
  principal: { issuer: deployment.issuerServer.url, subject: 'lea', groups },
  operation: 'orders.refund',
  parameters: { id: '42' },
  has_digest: true,
  device_key: 'thumbprint',
  time: '2026-01-05T09:00:00Z',
  expect,
});

async function liveNumber(): Promise<number> {
  return Number((await administration.admin.get('/releases/live')).body['number']);
}

async function publish(message: string, live?: number): Promise<Answer> {
  const number = live ?? (await liveNumber());
  return administration.admin.call('POST', '/releases', {
    body: { message },
    headers: { 'If-Match': `"${number}"` },
  });
}

/** The seeded policies come without tests: they get the ones that publishing demands. */
const SEEDED_TESTS = (): readonly object[] => {
  const ask = (operation: string, groups: readonly string[], more: object = {}): object => ({
    principal: { issuer: deployment.issuerServer.url, subject: 'lea', groups },
    operation,
    parameters: { id: '42' },
    time: '2026-01-05T09:00:00Z',
    ...more,
  });
  const both = (policy: string, operation: string, more: object = {}): object[] => [
    {
      ...ask(operation, ['support'], more),
      id: `${policy}-allows`,
      name: 'allows',
      expect: { decision: 'permit' },
    },
    { ...ask(operation, [], more), id: `${policy}-denies`, name: 'denies', expect: { decision: 'deny' } },
  ];
  return [
    ...both('support-writes', 'orders.refund', { has_digest: true }),
    ...both('support-brief', 'orders.brief'),
    ...both('support-secure', 'orders.secure', { acr: 'phr', auth_time: '2026-01-05T08:59:00Z' }),
    ...both('self-writes', 'self.refund'),
    { ...ask('orders.read', []), id: 'reads-allows', name: 'reads', expect: { decision: 'permit' } },
  ];
};

describe('the life of a policy', () => {
  let first = 0;

  it('begins with a draft that is what is live', async () => {
    const { admin } = administration;
    const draft = await admin.get('/draft');
    expect(draft.status).toBe(200);
    expect(draft.body['problems']).toEqual([]);
    expect(listOf(draft, 'warnings').length).toBeGreaterThan(0);
    expect(draft.body['authors']).toEqual([]);
    first = await liveNumber();
    const refused = await publish('nothing');
    expect([refused.status, refused.body['type']]).toEqual([
      409,
      'urn:oncekey:problem:admin.nothing_to_publish',
    ]);
  });

  it('refuses a policy that is wrong in itself, with its place and the likely spelling', async () => {
    const { admin } = administration;
    const misspelt = { ...LEADS, cedar: LEADS.cedar.replace('orders.refund', 'orders.refnd') };
    const refused = await admin.post('/policies', misspelt);
    expect(refused.status).toBe(422);
    expect(listOf(refused, 'errors')).toEqual([
      expect.objectContaining({ policy: 'leads-refund', line: 2, suggestion: 'orders.refund' }),
    ]);
    expect((await admin.get('/policies/leads-refund')).status).toBe(404);
  });

  it('drafts one, and formats it', async () => {
    const { admin } = administration;
    const created = await admin.post('/policies', LEADS);
    expect([created.status, created.headers.get('location')]).toEqual([
      201,
      '/admin/v1/policies/leads-refund',
    ]);
    expect(created.body).toMatchObject({ effect: 'permit', owner: 'team-orders', problems: [] });
    const owned = await admin.get('/policies?owner=team-orders');
    expect(listOf(owned, 'items').map(({ id }) => id)).toEqual(['leads-refund']);
    const formatted = await admin.post('/draft/format', { cedar: LEADS.cedar });
    expect(formatted.body['cedar']).toContain('  principal in Group::"leads",\n');
    const draft = await admin.get('/draft');
    expect(draft.body['diff']).toMatchObject({ policies: { added: ['leads-refund'] } });
    expect(draft.body['authors']).toEqual([`${deployment.issuerServer.url}|ada`]);
  });

  it('is not published while a test fails, or while there is none', async () => {
    const { admin } = administration;
    const untested = await publish('too early');
    expect([untested.status, untested.body['type']]).toEqual([409, 'urn:oncekey:problem:admin.untested']);
    expect(untested.text).toContain('leads-refund');
    for (const test of SEEDED_TESTS()) expect((await admin.post('/policy-tests', test)).status).toBe(201);

    const red = await admin.post('/policy-tests', aTest('leads', ['leads'], { decision: 'deny' }));
    expect(red.status).toBe(201);
    const report = await admin.post('/draft/test', {});
    expect(report.body['passed']).toBe(false);
    const result = listOf(report, 'tests').find(({ id }) => id === 'leads');
    expect(result).toMatchObject({ passed: false, differences: ['decision: expected deny, got permit'] });
    const refused = await publish('red');
    expect([refused.status, refused.body['type']]).toEqual([409, 'urn:oncekey:problem:admin.tests_fail']);

    const good = aTest('leads', ['leads'], {
      decision: 'permit',
      policies: ['leads-refund'],
      obligations: { ttl: 60 },
    });
    expect((await admin.put('/policy-tests/leads', good, etagOf(red))).status).toBe(200);
    const green = await admin.post('/draft/test', {});
    expect(green.body['passed']).toBe(true);
    // What everybody may do can be denied to nobody: such a policy is published by whoever may publish it untested.
    expect(green.body['untested']).toEqual([{ policy: 'everybody-reads', missing: ['denying'] }]);
  });

  it('goes when nothing can be said for it', async () => {
    const { admin } = administration;
    const everybody = await admin.get('/policies/everybody-reads');
    expect((await admin.delete('/policies/everybody-reads', '"1"')).status).toBe(412);
    const staff = {
      id: 'everybody-reads',
      cedar: `permit (principal in Group::"support", action in Action::"tag:read", resource)
        when { resource != Api::"oncekey-admin" };`,
    };
    const replaced = await admin.put('/policies/everybody-reads', staff, etagOf(everybody));
    expect([replaced.status, replaced.body['problems']]).toEqual([200, []]);
    const test = await admin.get('/policy-tests/reads-allows');
    const { updated_at: _at, updated_by: _by, ...body } = test.body;
    const allowed = { ...body, principal: { ...(body['principal'] as object), groups: ['support'] } };
    expect((await admin.put('/policy-tests/reads-allows', allowed, etagOf(test))).status).toBe(200);
    const denied = { ...body, id: 'reads-denies', expect: { decision: 'deny' } };
    expect((await admin.post('/policy-tests', denied)).status).toBe(201);
  });

  it('is asked before it is live: explained, replayed, and shadowed without effect', async () => {
    const { admin } = administration;
    const before = await refund(callers[0]!, 'leads');
    expect(before.status).toBe(400);
    for (let times = 0; times < 3; times++) await refund(callers[times % 2]!, 'leads');
    await refund(callers[0]!, 'support');

    const {
      id: _id,
      name: _name,
      expect: _expect,
      ...request
    } = aTest('x', ['staff'], {}) as Record<string, unknown>;
    const simulated = await admin.post('/draft/simulate', request);
    expect(simulated.body).toMatchObject({ decision: 'deny', reason: 'policy.denied' });
    expect(listOf(simulated, 'almost')).toContainEqual(
      expect.objectContaining({ policy: 'leads-refund', missing: ['principal in Group::"leads"'] }),
    );
    const live = await admin.post('/draft/simulate', { ...request, against: 'live' });
    expect(listOf(live, 'almost').map(({ policy }) => policy)).not.toContain('leads-refund');

    const range = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() };
    const replayed = await admin.post('/draft/replay', range);
    expect(Object.keys(replayed.body).indexOf('newly_allowed')).toBeLessThan(
      Object.keys(replayed.body).indexOf('newly_denied'),
    );
    expect(listOf(replayed, 'newly_allowed')).toEqual([
      expect.objectContaining({ policies: ['leads-refund'], operation: 'orders.refund', count: 4 }),
    ]);
    expect(replayed.body['newly_denied']).toEqual([]);

    const started = await admin.call('PUT', '/shadow', { body: {} });
    expect([started.status, started.body['compared']]).toEqual([200, 0]);
    await eventually(async () => {
      expect((await refund(callers[0]!, 'leads')).status).toBe(400);
      const shadow = await admin.get('/shadow');
      return listOf(shadow, 'differences').some(({ policy }) => policy === 'leads-refund');
    }, 10_000);
    expect((await admin.call('DELETE', '/shadow')).status).toBe(204);
    expect((await admin.get('/shadow')).status).toBe(404);
  });

  it('decides at every broker once it is published, and not a moment when it is rolled back', async () => {
    const { admin } = administration;
    const stale = await publish('from an old page', first - 1);
    expect(stale.status).toBe(412);
    const published = await publish('leads may refund', first);
    expect([published.status, published.text]).toEqual([201, expect.any(String)]);
    const number = Number(published.body['number']);
    expect(number).toBe(first + 1);
    expect(published.headers.get('location')).toBe(`/admin/v1/releases/${number}`);
    expect(published.body['diff']).toMatchObject({
      policies: { added: ['leads-refund'], changed: ['everybody-reads'] },
    });
    for (const caller of callers)
      await eventually(async () => (await refund(caller, 'leads')).status === 200, 2_000);
    expect((await admin.get('/draft')).body['authors']).toEqual([]);

    const rolledBack = await admin.call('POST', `/releases/${first}/rollback`, {
      body: { message: 'too early' },
      headers: { 'If-Match': `"${number}"` },
    });
    expect([rolledBack.status, rolledBack.body['rollback_of']]).toEqual([201, first]);
    for (const caller of callers)
      await eventually(async () => (await refund(caller, 'leads')).status === 400, 2_000);
    const history = await admin.get('/releases?limit=2');
    expect(listOf(history, 'items').map(({ number: of, live }) => [of, live])).toEqual([
      [first + 2, true],
      [first + 1, false],
    ]);
    expect(history.body['next']).toBe(String(first + 1));
  });

  it('replaying what is live on what was recorded since changes nothing', async () => {
    const { admin } = administration;
    const live = await admin.get('/releases/live');
    const from = String(live.body['published_at']);
    for (const group of ['support', 'leads', 'nobody']) await refund(callers[1]!, group);
    // A broker may have decided on the release before for a moment after the new one was published.
    const settled = new Date(Date.parse(from) + 2_000).toISOString();
    await eventually(async () => Date.now() > Date.parse(settled), 5_000);
    for (const group of ['support', 'leads', 'nobody']) await refund(callers[0]!, group);
    const range = { from: settled, to: new Date(Date.now() + 1_000).toISOString(), against: 'live' };
    const { body } = await admin.post('/draft/replay', range);
    expect(body).toMatchObject({ newly_allowed: [], newly_denied: [], changed_obligations: 0 });
    expect(Number(body['unchanged'])).toBeGreaterThanOrEqual(3);
  });
});
