import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { QuickstartProcess, type Ended } from '../support/quickstart-process.ts';

const START_MS = 90_000;
const STOP_MS = 20_000;

const BOB_TOO = `@id("bob-too")
@digest("required")
@proof("dpop")
permit (
  principal,
  action == Action::"orders.refund",
  resource == Api::"orders"
)
when { principal.sub == "bob" };
`;

const BOB_REFUNDS = `
- id: bob-refunds
  name: bob refunds as well
  principal: { issuer: 'https://login.example', subject: bob, groups: [] }
  operation: orders.refund
  parameters: { id: '42' }
  device_key: key-of-bob
  has_digest: true
  time: '2026-01-05T09:00:00Z'
  expect: { decision: permit, policies: [bob-too] }
`;

describe('a policy, through the command line', () => {
  let quickstart: QuickstartProcess;
  let ended: Promise<number | null>;
  const folder = join(mkdtempSync(join(tmpdir(), 'oncekey-policies-')), 'my-policies');

  beforeAll(async () => {
    quickstart = await QuickstartProcess.onFreePorts();
    ended = quickstart.run();
    await eventually(() => quickstart.output.includes('Ctrl-C stops everything'), START_MS);
  }, START_MS);

  afterAll(async () => {
    quickstart.signal('SIGTERM');
    await ended;
    rmSync(join(folder, '..'), { recursive: true, force: true });
  }, STOP_MS);

  const oncekey = (...args: string[]): Promise<Ended> => quickstart.oncekey(...args);
  const refund = (): Promise<Ended> => {
    const url = `http://127.0.0.1:${quickstart.ports[3]}/orders/42/refund`;
    return oncekey('call', 'POST', url, '-d', '{"cents":1}', '--as', 'bob');
  };
  const policy = (): string => join(folder, 'bob-too.cedar');
  const contents = (): Record<string, string> =>
    Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

  it('begins denied', async () => {
    const { exitCode, stderr } = await refund();
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('the operation is not permitted')]);
  });

  it('is pulled without loss: applying what was pulled changes nothing', async () => {
    expect((await oncekey('pull', folder)).exitCode).toBe(0);
    const pulled = contents();
    const { exitCode, stdout, stderr } = await oncekey('apply', folder, '-m', 'the same');
    expect([exitCode, stdout + stderr]).toEqual([0, expect.stringContaining('nothing')]);
    expect((await oncekey('pull', folder)).exitCode).toBe(0);
    expect(contents()).toEqual(pulled);
  });

  it('is linted with the place of each fault and the likely spelling', async () => {
    writeFileSync(policy(), BOB_TOO.replace('orders.refund', 'orders.refnd'));
    const { exitCode, stderr } = await oncekey('policy', 'lint', folder);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/bob-too\.cedar:6:\d+ .*orders\.refnd.*orders\.refund/s);
  });

  it('is red without its tests, offline and at the server', async () => {
    writeFileSync(policy(), BOB_TOO);
    const offline = await oncekey('policy', 'test', folder);
    expect(offline.stdout).toContain('! bob-too has no allowing test');
    const { exitCode, stderr } = await oncekey('apply', folder, '-m', 'bob too');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('bob-too')]);
    expect((await refund()).exitCode).toBe(1);
  });

  it('is planned with whom it would newly allow, for people and for a pull request', async () => {
    appendFileSync(join(folder, 'tests.yaml'), BOB_REFUNDS);
    expect((await oncekey('policy', 'test', folder)).exitCode).toBe(0);
    const plan = await oncekey('plan', folder);
    expect(plan.stdout).toMatch(/Newly allowed\n.* orders\.refund +bob +bob-too/);
    const comment = await oncekey('plan', folder, '--markdown');
    expect(comment.stdout).toMatch(/^#+ .*\n/m);
    expect(comment.stdout).toContain('bob-too');
    expect((await refund()).exitCode).toBe(1);
  });

  it('is applied, and from then on permits; rolled back, and no longer does', async () => {
    const applied = await oncekey('apply', folder, '-m', 'bob too');
    expect([applied.exitCode, applied.stdout]).toEqual([0, expect.stringContaining('release 2 is live')]);
    expect((await refund()).exitCode).toBe(0);
    const back = await oncekey('rollback', '1', '-m', 'not yet');
    expect([back.exitCode, back.stdout]).toEqual([0, expect.stringContaining('release 3 is live')]);
    expect((await refund()).exitCode).toBe(1);
    expect((await oncekey('releases')).stdout).toMatch(/live +3 .*\n.* 2 .*bob too\n.* 1 /);
  });

  it('leaves a record of who published', async () => {
    const { stdout } = await oncekey('audit', 'search', '--operation', 'admin.releases.publish', '--json');
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { outcome: string; subject?: { subject: string } });
    expect(events.filter(({ outcome }) => outcome === 'done')).toMatchObject([
      { subject: { subject: 'ada' } },
    ]);
  });

  it('has a report of what stands, with an exit code for pipelines', async () => {
    expect((await oncekey('report', 'standing', '--fail-above', '100000')).exitCode).toBe(0);
    expect((await oncekey('report', 'standing', '--fail-above', '0')).exitCode).toBe(1);
  });

  it('is nothing that bob may touch', async () => {
    const { exitCode, stderr } = await oncekey('releases', '--as', 'bob');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('not permitted')]);
    expect((await oncekey('releases', '--as', 'ada')).exitCode).toBe(0);
  });
});
