import type { AdminCaller } from '../support/deployment/admin-caller.ts';
import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let administration: Administration;
let admin: AdminCaller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  administration = await startAdministration(deployment);
  admin = administration.admin;
  const caller = new Caller(deployment);
  for (const group of ['support', 'nobody', 'nobody'])
    await caller.exchange({
      subject_token: deployment.issuerServer.idToken({ sub: 'lea', groups: [group] }),
    });
}, 90_000);
afterAll(async () => {
  await administration?.stop();
  await deployment?.stop();
});

type Item = Readonly<Record<string, unknown>>;

const itemsOf = ({ body }: Answer, member = 'items'): readonly Item[] => body[member] as Item[];
const reasonOf = ({ status, body }: Answer): string =>
  `${status} ${String(body['type']).replace('urn:oncekey:problem:', '')}`;

describe('P-14 a permit beside a forbid', () => {
  it('permits nothing, and everybody who looks sees why', async () => {
    const forbid = 'forbid (principal, action == Action::"orders.refund", resource == Api::"orders");';
    const permit = 'permit (principal, action == Action::"orders.refund", resource == Api::"orders");';
    for (const [id, cedar] of Object.entries({ 'nobody-refunds': forbid, 'all-refund': permit }))
      expect((await admin.post('/policies', { id, cedar })).status).toBe(201);
    const simulated = await admin.post('/draft/simulate', {
      principal: { issuer: deployment.issuerServer.url, subject: 'lea', groups: ['support'] },
      operation: 'orders.refund',
      parameters: { id: '42' },
      has_digest: true,
      time: '2026-01-05T09:00:00Z',
    });
    expect(simulated.body).toMatchObject({
      decision: 'deny',
      reason: 'policy.forbidden',
      policies: ['nobody-refunds'],
    });
    expect(itemsOf(simulated, 'applied')).toContainEqual({
      policy: 'all-refund',
      effect: 'permit',
      determining: false,
    });
    const draft = await admin.get('/draft');
    expect(draft.body['diff']).toMatchObject({ policies: { added: ['all-refund', 'nobody-refunds'] } });
    expect(itemsOf(draft, 'warnings')).toContainEqual(
      expect.objectContaining({ policy: 'all-refund', rule: 'shadowed-by-forbid' }),
    );
    expect((await admin.post('/draft/reset', {})).body['authors']).toEqual([]);
  });
});

describe('P-21 P-23 what a query may say', () => {
  it.each([
    ['P-21 a column to sort by', '/audit?sort=at'],
    ['P-21 an unknown column', '/audit?password=x'],
    ['P-21 a JSON path', '/audit?event-%3E%3Eact=x'],
    ['P-21 SQL for a time', '/audit?from=now()'],
    ['P-21 a time of no calendar', '/audit?to=2026-02-30T00:00:00Z'],
    ['P-21 a type that there is not', '/audit?type=pg_sleep(5)'],
    ['P-21 an outcome that there is not', '/audit?outcome=%25'],
    ['P-21 a parameter twice', '/audit?subject=a&subject=b'],
    ['P-21 a list', '/audit?subject%5B%5D=a'],
    ['P-21 half a letter', '/audit?subject=%EF%BF%BD'],
    ['P-23 nothing', '/audit?limit=0'],
    ['P-23 less than nothing', '/audit?limit=-1'],
    ['P-23 a thousand million', '/audit?limit=1000000000'],
    ['P-23 a half', '/audit?limit=1.5'],
    ['P-23 an array', '/audit?limit%5B%5D=1'],
    ['P-23 days without end', '/reports/unused?days=100000'],
    ['P-23 no days', '/reports/unused?days=0'],
    ['P-21 an export with a limit', '/audit-export?limit=5'],
    ['P-21 a filter that a list of policies has not', '/policies?cedar=x'],
  ])('%s is 400', async (_, path) => {
    expect(reasonOf(await admin.get(path))).toBe('400 admin.malformed');
  });

  it('P-21 a NUL has no token', async () => {
    expect((await admin.exchange('GET', '/audit?subject=%00')).status).toBe(400);
  });

  it.each([
    ['P-23 a cursor of nobody', '/audit?cursor=AAAA'],
    ['P-23 a cursor that is SQL', '/audit?cursor=%27%3B--'],
    ['P-23 a number that is none', '/releases?cursor=x'],
  ])('%s is 400', async (_, path) => {
    expect(reasonOf(await admin.get(path))).toBe('400 admin.bad_cursor');
  });

  it.each([
    ['P-21 SQL for a subject', '/audit?subject=%27%20OR%20%271%27%3D%271'],
    ['P-21 a pattern', '/audit?subject=%25'],
    ['P-21 a statement', `/audit?operation=${encodeURIComponent('x; SELECT pg_sleep(5)')}`],
  ])('%s finds nothing, at once', async (_, path) => {
    const began = performance.now();
    const found = await admin.get(path);
    expect([found.status, found.body['items']]).toEqual([200, []]);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it.each([
    '/audit/1',
    '/audit/%27',
    '/audit/00000000-0000-0000-0000-000000000000',
    '/releases/999',
    '/releases/1e0',
  ])('P-20 %s is 404', async (path) => {
    expect((await admin.get(path)).status).toBe(404);
  });

  it('and an honest one finds what happened, page by page, as does an export', async () => {
    const first = await admin.get('/audit?operation=orders.refund&outcome=refused&limit=1');
    const [event] = itemsOf(first);
    expect(event).toMatchObject({ reason: 'policy.denied', subject: { subject: 'lea' }, outcome: 'refused' });
    const second = await admin.get(
      `/audit?operation=orders.refund&outcome=refused&limit=1&cursor=${String(first.body['next'])}`,
    );
    expect(itemsOf(second)).toHaveLength(1);
    expect(itemsOf(second)[0]?.['id']).not.toBe(event?.['id']);
    const one = await admin.get(`/audit/${String(event?.['id'])}`);
    expect(one.body).toEqual(event);

    const exported = await admin.get('/audit-export?operation=orders.refund');
    expect([exported.status, exported.headers.get('content-type')]).toEqual([200, 'application/jsonl']);
    const lines = exported.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Item);
    expect(lines.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'permitted']);
    expect(lines[0]).toEqual(event);
    // P-32: what is on record opens nothing.
    expect(exported.text).not.toMatch(/eyJ[\w-]+\./);
  });
});

describe('reports', () => {
  it('tell what nobody used, and how a policy could be narrower without anybody noticing', async () => {
    const { body } = await admin.get('/reports/unused?days=30');
    expect(itemsOf({ body } as Answer, 'policies').map(({ id }) => id)).toContain('support-brief');
    expect(itemsOf({ body } as Answer, 'operations')).toContainEqual({ id: 'orders.brief', last_used: null });
    const narrowings = itemsOf({ body } as Answer, 'narrowings');
    const shipped = narrowings.find(({ policy }) => policy === 'oncekey-admin.policy-author');
    expect(String(shipped?.['cedar'])).toContain('Action::"admin.policies.create"');
    expect(shipped?.['replay']).toMatchObject({ newly_allowed: [], newly_denied: [] });
  });

  it('tell what stands, and a plan tells what would stand', async () => {
    const standing = await admin.get('/reports/standing-privilege');
    expect(itemsOf(standing, 'findings').map(({ subject }) => subject)).toContain('policies/everybody-reads');
    const draft = await admin.get('/draft');
    const document = draft.body['document'] as { policies: { id: string }[] };
    const policies = document.policies.filter(({ id }) => id !== 'everybody-reads');
    const planned = await admin.post('/draft/plan', { document: { ...document, policies } });
    expect(planned.body['diff']).toMatchObject({ policies: { removed: ['everybody-reads'] } });
    const { before, after } = planned.body['standing'] as Record<'before' | 'after', { score: number }>;
    expect([before.score, after.score < before.score]).toEqual([standing.body['score'], true]);
  });

  it('tell callers who they are', async () => {
    const { body } = await admin.get('/whoami');
    expect(body).toMatchObject({
      subject: 'ada',
      client_id: 'oncekey-cli',
      groups: ['support'],
      roles: ['approver', 'auditor', 'policy-author', 'publisher', 'registrar', 'security-admin'],
    });
    const operations = body['operations'] as string[];
    expect(operations).toContain('admin.right.guard');
    expect(operations).not.toContain('admin.right.publish-untested');
  });
});
