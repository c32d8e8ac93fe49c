import { randomUUID } from 'node:crypto';
import type { AdminCaller } from '../support/deployment/admin-caller.ts';
import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import type { Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { Records } from '../support/deployment/records.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let administration: Administration;
let admin: AdminCaller;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  administration = await startAdministration(deployment);
  ({ admin } = administration);
  records = await Records.open(url);
}, 60_000);
afterAll(async () => {
  await records?.close();
  await administration?.stop();
  await deployment?.stop();
});

const revoke = (body: object): Promise<Answer> => admin.post('/revocations', body);
const lift = (body: object): Promise<Answer> => admin.post('/revocations/lift', body);

describe('who revokes by the admin API', () => {
  const somebody = (): { issuer: string; subject: string } => ({
    issuer: 'https://elsewhere.example',
    subject: randomUUID(),
  });

  it.each<{ name: string; body: object; pointer: string }>([
    { name: 'an issuer that nobody can be', body: { issuer: 'prod.example' }, pointer: '#/issuer' },
    { name: 'an uppercase trust domain', body: { issuer: 'spiffe://PROD.example' }, pointer: '#/issuer' },
    {
      name: 'a workload of another trust domain',
      body: { issuer: 'spiffe://prod.example', subject: 'spiffe://test.example/ns/a/sa/refunder' },
      pointer: '#/subject',
    },
    { name: 'NUL', body: { issuer: 'https://a.example', subject: 'a\0' }, pointer: '#/subject' },
    { name: 'a text for yes', body: { ...somebody(), block: 'true' }, pointer: '#/block' },
    { name: 'what is no member', body: { ...somebody(), client: 'desk' }, pointer: '#/client' },
  ])('is told that there is no such thing: $name', async ({ body, pointer }) => {
    const answer = await revoke(body);
    expect([answer.status, answer.body['errors']]).toEqual([422, [expect.objectContaining({ pointer })]]);
  });

  it('disables a whole identity provider, and does not revoke it', async () => {
    const answer = await revoke({ issuer: deployment.issuerServer.url });
    expect([answer.status, answer.body['errors']]).toEqual([
      422,
      [expect.objectContaining({ pointer: '#/subject' })],
    ]);
  });

  it('does not block themselves', async () => {
    const own = { issuer: deployment.issuerServer.url, subject: 'ada' };
    const answer = await revoke({ ...own, block: true });
    expect([answer.status, answer.body['type']]).toEqual([403, 'urn:oncekey:problem:admin.own_rights']);
    expect((await admin.get('/revocations')).status).toBe(200);
  });

  it('finds nothing to lift where nothing is blocked', async () => {
    const whose = somebody();
    expect((await lift(whose)).status).toBe(404);
    await revoke(whose);
    expect((await lift(whose)).status).toBe(404);
  });

  it('is on record, and so is what they revoked', async () => {
    const whose = somebody();
    await revoke(whose);
    const { body } = await admin.get('/audit?operation=admin.revocations.revoke&limit=1');
    expect(body['items']).toEqual([
      expect.objectContaining({
        outcome: 'done',
        act: expect.objectContaining({
          target: `revocations/${whose.issuer}|${whose.subject}`,
        }) as unknown,
        subject: { issuer: deployment.issuerServer.url, subject: 'ada' },
      }),
    ]);
  });

  it('sees what admins have revoked, in pages and by name, and nothing of others', async () => {
    const issuer = `https://${randomUUID()}.example`;
    const subjects = ['ada', 'bob', 'eve with a blank'];
    for (const subject of subjects) await revoke({ issuer, subject });
    await revoke({ issuer, block: true });
    await records.rows(
      `INSERT INTO cut_off (kind, id, source, dead_until) VALUES ('workload', $1, 'test', 'infinity')`,
      [`${issuer} others`],
    );
    const list = async (query: string): Promise<readonly Record<string, unknown>[]> => {
      const { status, body } = await admin.get(`/revocations?${query}`);
      expect(status).toBe(200);
      return body['items'] as Record<string, unknown>[];
    };
    const of = `issuer=${encodeURIComponent(issuer)}`;
    const all = await list(of);
    expect(all.map(({ subject, blocked }) => [subject, blocked])).toEqual([
      [undefined, true],
      ['ada', false],
      ['bob', false],
      ['eve with a blank', false],
    ]);
    const first = await admin.get(`/revocations?${of}&limit=3`);
    expect([first.body['items'], await list(`${of}&limit=3&cursor=${String(first.body['next'])}`)]).toEqual([
      all.slice(0, 3),
      all.slice(3),
    ]);
    expect(await list(`${of}&subject=bob`)).toEqual([all[2]]);
    expect((await admin.get('/revocations?name=bob')).status).toBe(400);
  });

  it('goes on after names that are longer than a cursor, and finds them', async () => {
    const issuer = `https://${randomUUID()}.example/${'i'.repeat(900)}`;
    const subjects = ['b', 'a', 'c'].map((last) => `${'s'.repeat(1800)}${last}`);
    for (const subject of subjects) expect((await revoke({ issuer, subject })).status).toBe(200);
    const found = new Set<unknown>();
    let next: unknown = '';
    while (typeof next === 'string') {
      const query = `issuer=${encodeURIComponent(issuer)}&limit=1${next === '' ? '' : `&cursor=${next}`}`;
      const { status, body } = await admin.get(`/revocations?${query}`);
      expect(status).toBe(200);
      for (const { subject } of body['items'] as readonly Record<string, unknown>[]) found.add(subject);
      next = body['next'];
    }
    expect(found).toEqual(new Set(subjects));
    const [subject = ''] = subjects;
    const one = await admin.get(`/revocations?subject=${subject}`);
    expect(one.body['items']).toEqual([expect.objectContaining({ issuer, subject })]);
  });

  it('is a registrar: the others may only look', async () => {
    const auditor = administration.as(`auditor-${randomUUID()}`);
    const { subject } = auditor.identity;
    await admin.post('/role-bindings', { id: subject, role: 'auditor', issuer: auditor.issuer, subject });
    const looks = async (): Promise<boolean> =>
      (await auditor.exchange('GET', '/revocations')).status === 200;
    await eventually(looks, 20_000);
    for (const path of ['/revocations', '/revocations/lift']) {
      const refused = await auditor.exchange('POST', path, { body: somebody() });
      expect((await records.eventOf(refused)).reason).toBe('policy.denied');
      expect((await admin.exchange('POST', path, { body: somebody() })).status).toBe(200);
    }
  });
});
