import { appendFileSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { oncekeySignedIn } from '../support/browser-sign-in.ts';
import { eventually } from '../support/eventually.ts';
import { QuickstartProcess, type Ended, START_MS } from '../support/quickstart-process.ts';

const STEP_MS = 60_000;

const BOB_TOO = (issuer: string, operation: string): string => `@id("bob-too")
@digest("required")
@proof("dpop")
permit (
  principal == User::"${issuer}|bob",
  action == Action::"${operation}",
  resource == Api::"orders"
);
`;

const bobTest = (issuer: string, decision: string): string => `- id: bob-refunds
  name: bob refunds as well
  principal: { issuer: '${issuer}', subject: bob, groups: [] }
  operation: orders.refund
  parameters: { id: '42' }
  device_key: key-of-bob
  has_digest: true
  time: '2026-01-05T09:00:00Z'
  expect: { decision: ${decision} }
`;

jest.setTimeout(STEP_MS);

describe('the life of a policy on the command line', () => {
  let quickstart: QuickstartProcess;
  let ended: Promise<number | null>;
  let urls: { broker: string; admin: string; provider: string; refund: string };
  const work = mkdtempSync(join(tmpdir(), 'oncekey-cli-test-'));
  const folder = join(work, 'my-policies');

  const oncekey = (...args: string[]): Promise<Ended> => quickstart.oncekey(...args);
  const refundAs = async (user: string): Promise<number> =>
    (await oncekey('call', 'POST', urls.refund, '-d', '{"cents":5}', '--as', user)).exitCode;

  beforeAll(async () => {
    quickstart = await QuickstartProcess.onFreePorts();
    ({ ended } = await quickstart.start());
    const [broker = '', admin = '', provider = '', orders = ''] = quickstart.ports.map(
      (port) => `http://127.0.0.1:${port}`,
    );
    urls = { broker, admin, provider, refund: `${orders}/orders/42/refund` };
  }, START_MS);

  afterAll(async () => {
    quickstart.signal('SIGTERM');
    await ended;
  }, 20_000);

  it('knows ada, who may administer, and bob, who may not', async () => {
    const ada = await oncekey('whoami', '--json');
    expect(JSON.parse(ada.stdout)).toMatchObject({
      subject: 'ada',
      roles: ['approver', 'auditor', 'policy-author', 'publisher', 'registrar', 'security-admin'],
    });
    const bob = await oncekey('whoami', '--as', 'bob');
    expect([bob.exitCode, bob.stderr]).toEqual([1, expect.stringContaining('no token for this call')]);
    const enrolled = await oncekey('device', 'enroll', 'laptop', '--as', 'bob');
    expect([enrolled.exitCode, enrolled.stderr]).toEqual([
      1,
      expect.stringContaining('no token for this call'),
    ]);
  });

  it('pulls what is in force, which applied again changes nothing', async () => {
    expect((await oncekey('pull', folder)).exitCode).toBe(0);
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(['catalog.yaml', 'tests.yaml', 'support-refunds.cedar']),
    );
    expect((await oncekey('pull', folder)).stdout).toBe(`${folder} is up to date\n`);
    const applied = await oncekey('apply', folder, '-m', 'nothing');
    expect([applied.exitCode, applied.stdout]).toEqual([0, 'nothing to publish: this is what is live\n']);
    expect((await oncekey('releases')).stdout.trim().split('\n')).toHaveLength(1);
    expect((await oncekey('policy', 'test', folder)).exitCode).toBe(0);
    expect((await oncekey('policy', 'fmt', folder, '--check')).exitCode).toBe(0);
  });

  it('does not overwrite what was edited, unless it is told to', async () => {
    const other = join(work, 'edited');
    await oncekey('pull', other);
    writeFileSync(join(other, 'read-orders.cedar'), BOB_TOO(urls.provider, 'orders.read'));
    const refused = await oncekey('pull', other);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('read-orders.cedar')]);
    expect((await oncekey('pull', other, '--force')).exitCode).toBe(0);
    expect(readFileSync(join(other, 'read-orders.cedar'), 'utf8')).toContain('context.device has key');
  });

  it('goes from denied through lint, test and plan to allowed, and back', async () => {
    expect(await refundAs('bob')).toBe(1);

    writeFileSync(join(folder, 'bob-too.cedar'), BOB_TOO(urls.provider, 'orders.refnd'));
    const lint = await oncekey('policy', 'lint', folder);
    expect(lint.exitCode).toBe(1);
    expect(lint.stderr).toMatch(/bob-too\.cedar:6:\d+ bob-too: .*orders\.refnd.*orders\.refund/);
    writeFileSync(join(folder, 'bob-too.cedar'), BOB_TOO(urls.provider, 'orders.refund'));

    const tests = readFileSync(join(folder, 'tests.yaml'), 'utf8');
    appendFileSync(join(folder, 'tests.yaml'), bobTest(urls.provider, 'deny'));
    const red = await oncekey('policy', 'test', folder);
    expect([red.exitCode, red.stdout]).toEqual([1, expect.stringContaining('expected deny, got permit')]);
    const refused = await oncekey('apply', folder, '-m', 'bob too');
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('admin.tests_fail')]);
    writeFileSync(join(folder, 'tests.yaml'), tests + bobTest(urls.provider, 'permit'));
    expect((await oncekey('policy', 'test', folder)).exitCode).toBe(0);

    const plan = await oncekey('plan', folder);
    expect(plan.exitCode).toBe(0);
    expect(plan.stdout).toMatch(/\+ {2}policies {2}bob-too/);
    expect(plan.stdout).toMatch(/Newly allowed\n.*orders\.refund {2}bob {2}bob-too/);
    const markdown = await oncekey('plan', folder, '--markdown');
    expect(markdown.stdout).toMatch(/### :warning: Newly allowed[^]*`bob-too`[^]*### Changes/);

    const applied = await oncekey('apply', folder, '-m', 'bob too');
    expect([applied.exitCode, applied.stdout]).toEqual([0, expect.stringContaining('release 2 is live')]);
    await eventually(async () => (await refundAs('bob')) === 0, STEP_MS);

    expect((await oncekey('rollback', '1', '-m', 'enough')).stdout).toContain('release 3 is live');
    await eventually(async () => (await refundAs('bob')) === 1, STEP_MS);
    const releases = JSON.parse((await oncekey('releases', '--json')).stdout) as object[];
    expect(releases).toEqual([
      expect.objectContaining({ number: 3, rollback_of: 1, live: true, message: 'enough' }),
      expect.objectContaining({ number: 2, author: `${urls.provider}|ada`, message: 'bob too' }),
      expect.objectContaining({ number: 1 }),
    ]);
  });

  it('explains a request that nobody makes', async () => {
    const flags = ['--group', 'support', '--param', 'id=42', '--device-key', 'k', '--against', 'live'];
    const asked = await oncekey('policy', 'simulate', 'orders.refund', ...flags);
    expect([asked.exitCode, asked.stdout]).toEqual([0, expect.stringContaining('operation.digest_required')]);
    const other = await oncekey('policy', 'simulate', 'orders.refund', '--param', 'id=42');
    expect(other.stdout).toMatch(/almost: support-refunds .*\n\s+principal in Group::"support"/);
  });

  it('finds in the audit log who changed what', async () => {
    const found = await oncekey('audit', 'search', '--type', 'admin.act', '--subject', 'ada', '--json');
    const operations = found.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { operation_id: string }).operation_id);
    expect(operations.slice(0, 2)).toEqual(['admin.releases.rollback', 'admin.releases.publish']);
    const exported = await oncekey('audit', 'export', '--operation', 'orders.refund', '--outcome', 'refused');
    const [last] = exported.stdout.split('\n');
    expect(JSON.parse(String(last))).toMatchObject({ reason: 'policy.denied' });
  });

  it('reports what stands, and fails above a score', async () => {
    const report = await oncekey('report', 'standing', '--json');
    const { score, findings } = JSON.parse(report.stdout) as { score: number; findings: object[] };
    expect(findings.length).toBeGreaterThan(0);
    expect((await oncekey('report', 'standing', '--fail-above', String(score))).exitCode).toBe(0);
    const above = await oncekey('report', 'standing', '--fail-above', String(score - 1));
    expect([above.exitCode, above.stderr]).toEqual([1, expect.stringContaining('is above')]);
    expect((await oncekey('report', 'unused', '--days', '1')).stdout).toContain('orders.cancel');
  });

  it('reads, makes, replaces and deletes resources, and imports operations', async () => {
    const file = join(work, 'attribute.yaml');
    writeFileSync(file, 'name: ticket\ntype: String\n');
    expect((await oncekey('put', 'context-attributes', file)).stdout).toContain('ticket created');
    writeFileSync(file, 'name: ticket\ntype: Long\n');
    expect((await oncekey('put', 'context-attributes', file)).stdout).toContain('ticket replaced');
    expect((await oncekey('get', 'context-attributes')).stdout).toMatch(/ticket {2}Long/);
    expect((await oncekey('get', 'context-attributes', 'ticket')).stdout).toContain('type: Long');
    expect((await oncekey('delete', 'context-attributes', 'ticket')).exitCode).toBe(0);
    const gone = await oncekey('get', 'context-attributes', 'ticket');
    expect([gone.exitCode, gone.stderr]).toEqual([1, expect.stringContaining('admin.not_found')]);

    const openapi = join(work, 'openapi.json');
    const paths = { '/orders/{id}/notes': { post: { operationId: 'addNote', responses: {} } } };
    writeFileSync(openapi, JSON.stringify({ openapi: '3.1.0', info: { title: 'a', version: '1' }, paths }));
    const preview = await oncekey('import', 'openapi', openapi, '--api', 'orders');
    expect([preview.exitCode, preview.stdout]).toEqual([0, expect.stringMatching(/\+ .*POST.*\/notes/)]);
    expect((await oncekey('get', 'operations')).stdout).not.toContain('notes');
    expect((await oncekey('import', 'openapi', openapi, '--api', 'orders', '--apply')).exitCode).toBe(0);
    expect((await oncekey('get', 'operations')).stdout).toContain('notes');
  });

  it('signs in with a key of the device, which works once it is registered', async () => {
    const env = quickstart.environment();
    const login = ['login', '--client-id', 'laptop'];
    const signedIn = await oncekeySignedIn(login, { user: 'ada', env });
    expect([signedIn.exitCode, signedIn.stdout]).toEqual([0, `signed in as ada of ${urls.provider}\n`]);
    const home = String(env['ONCEKEY_HOME']);
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect([home, ...readdirSync(home).map((name) => join(home, name))].map(mode)).toEqual([
      '700',
      '600',
      '600',
      '600',
    ]);
    const unknown = await oncekey('whoami');
    expect([unknown.exitCode, unknown.stderr]).toEqual([1, expect.stringContaining('invalid_client')]);

    const key = JSON.parse(String(signedIn.stderr.trim().split('\n').at(-1))) as Record<string, string>;
    expect(key).not.toHaveProperty('d');
    const client = join(work, 'laptop.json');
    const identity_providers = [{ id: 'toy', audiences: ['toy-app'] }];
    const document = { client_id: 'laptop', jwks: { keys: [key] }, identity_providers };
    writeFileSync(client, JSON.stringify({ ...document, resource_servers: ['oncekey-admin'] }));
    expect((await oncekey('put', 'clients', client, '--as', 'ada')).exitCode).toBe(0);
    await eventually(async () => (await oncekey('whoami')).exitCode === 0, STEP_MS);
    expect(JSON.parse((await oncekey('whoami', '--json')).stdout)).toMatchObject({ client_id: 'laptop' });

    expect((await oncekey('logout')).exitCode).toBe(0);
    expect(readdirSync(home)).not.toContain('id-token.json');
    expect((await oncekey('logout', '--all')).exitCode).toBe(0);
    expect(readdirSync(home)).toEqual([]);
  });

  it('check 65: signs in again as a policy demands, and goes on with the call', async () => {
    const stricter = join(work, 'stricter');
    await oncekey('pull', stricter);
    const change = (file: string, from: RegExp, to: string): void => {
      const text = readFileSync(join(stricter, file), 'utf8');
      expect(text).toMatch(from);
      writeFileSync(join(stricter, file), text.replace(from, to));
    };
    change('support-cancels.cedar', /^@proof/m, '@acr("phr")\n@proof');
    change('tests.yaml', /^- id: support-cancels$/m, '- id: support-cancels\n  acr: phr');
    expect((await oncekey('apply', stricter, '-m', 'stricter')).exitCode).toBe(0);
    const cancel = urls.refund.replace('42/refund', '43/cancel');
    await eventually(async () => {
      expect((await oncekey('call', 'POST', cancel, '-d', '{}', '--as', 'ada')).exitCode).toBeLessThan(2);
      const found = await oncekey('audit', 'search', '--operation', 'orders.cancel', '--json');
      return found.stdout.includes('policy.step_up_acr');
    }, STEP_MS);
    const found = await oncekey('audit', 'search', '--operation', 'orders.cancel', '--json');
    const events = found.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { outcome: string; reason: string | null });
    expect(events.slice(0, 3).map(({ outcome }) => outcome)).toEqual(['spent', 'permitted', 'refused']);
    expect(events[2]).toMatchObject({ reason: 'policy.step_up_acr' });
  });

  it('lets somebody in with a link from the database host, once and on record', async () => {
    const link = (await oncekey('break-glass', '--admin-url', urls.admin)).stdout.trim();
    expect(link).toMatch(/\/enroll#[\w-]{43}$/);
    const env = { ...quickstart.environment(), ONCEKEY_HOME: join(dirname(quickstart.folder), 'bob') };
    const enrolled = await oncekeySignedIn(['enroll', link, '--provider-id', 'toy'], { user: 'bob', env });
    expect([enrolled.exitCode, enrolled.stdout]).toEqual([0, expect.stringContaining('security-admin')]);
    const again = await oncekeySignedIn(['enroll', link, '--provider-id', 'toy'], { user: 'bob', env });
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('admin.enrolment_refused')]);
    await eventually(async () => (await oncekey('whoami', '--as', 'bob')).exitCode === 0, STEP_MS);
    const loud = await oncekey('audit', 'search', '--type', 'admin.break_glass');
    expect(loud.stdout.trim().split('\n')).toHaveLength(1);
  });
});
