import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/deployment/free-port.ts';
import { eventually } from '../support/eventually.ts';
import { FaultyGateway, type GatewayFault } from '../support/faulty-gateway.ts';
import { failedRows, registerServer, runProbe } from '../support/probe-run.ts';
import { QuickstartProcess, type Ended, START_MS } from '../support/quickstart-process.ts';

const STEP_MS = 120_000;

jest.setTimeout(STEP_MS);

describe('oncekey probe', () => {
  let quickstart: QuickstartProcess;
  let ended: Promise<number | null>;
  let gateway: FaultyGateway;
  let resource: string;

  const oncekey = (...args: string[]): Promise<Ended> => quickstart.oncekey(...args);
  const probe = (...args: string[]): ReturnType<typeof runProbe> => runProbe(quickstart, ...args);
  /** All that a probe could leave behind. */
  const leftovers = async (): Promise<string> => {
    const lists = [
      ['get', 'clients'],
      ['get', 'operations'],
      ['get', 'policies'],
      ['get', 'policy-tests'],
    ];
    const said: string[] = [];
    for (const list of lists) said.push((await oncekey(...list)).stdout);
    return said
      .join('')
      .split('\n')
      .filter((line) => line.includes('oncekey-probe'))
      .join('\n');
  };

  beforeAll(async () => {
    quickstart = await QuickstartProcess.onFreePorts();
    ({ ended } = await quickstart.start());
    const port = await freePort();
    resource = `http://127.0.0.1:${port}/api`;
    gateway = new FaultyGateway({
      issuer: `http://127.0.0.1:${quickstart.ports[0]}`,
      clientId: 'probed-api',
      origin: () => new URL(resource).origin,
    });
    await gateway.listen(port);
    await register({ binding: 'self' });
  }, START_MS);

  afterAll(async () => {
    await gateway.stop();
    quickstart.signal('SIGTERM');
    await ended;
  }, 20_000);

  async function register(more: object): Promise<void> {
    await registerServer(quickstart, {
      id: 'probed',
      client_id: 'probed-api',
      resource,
      jwks: { keys: [gateway.key.publicJwk] },
      ...more,
    });
  }

  it('finds nothing wrong with a right gateway, and leaves nothing behind', async () => {
    gateway.fault = null;
    const { exitCode, report } = await probe(`${resource}/things`);
    expect(report.rows.filter(({ state }) => state !== 'passed')).toEqual([]);
    expect([exitCode, report.passed, report.rows.length]).toEqual([0, true, 8]);
    expect(await leftovers()).toBe('');
    const releases = JSON.parse((await oncekey('releases', '--json')).stdout) as { rollback_of: number }[];
    expect(releases[0]).toMatchObject({ live: true, rollback_of: 1 });
  });

  it.each<[GatewayFault, string]>([
    ['repeats_its_idempotency_key', 'second-call'],
    ['keeps_answers', 'cached-answer'],
    ['keeps_refusals', 'cached-answer'],
    ['forgets_the_body', 'changed-body'],
    ['forgets_the_path', 'other-path'],
    ['forgets_the_query', 'other-path'],
    ['takes_head_for_get', 'head-for-get'],
    ['drops_the_proof', 'downgrade'],
    ['takes_the_first_of_two', 'duplicate-header'],
    ['asks_nobody', 'first-call'],
  ])('a gateway that %s fails %s, and nothing else', async (fault, row) => {
    gateway.fault = fault;
    const { exitCode, report } = await probe(resource);
    const failed = failedRows(report);
    expect(failed.map(({ id }) => id)).toEqual([row]);
    expect(failed[0]?.fixes.length).toBeGreaterThan(0);
    expect([exitCode, report.passed]).toEqual([1, false]);
  });

  it('probes an API of bearer tokens that tells everything of a request', async () => {
    await register({ binding: 'enforced', proof: 'none' });
    gateway.scheme = 'Bearer';
    try {
      gateway.fault = null;
      const right = await probe(resource);
      expect(failedRows(right.report)).toEqual([]);
      const skipped = right.report.rows.filter(({ state }) => state === 'skipped');
      expect([right.exitCode, skipped.map(({ id }) => id)]).toEqual([0, ['downgrade']]);
      gateway.fault = 'takes_head_for_get';
      const wrong = await probe(resource);
      expect([wrong.exitCode, failedRows(wrong.report).map(({ id }) => id)]).toEqual([1, ['head-for-get']]);
    } finally {
      gateway.scheme = 'DPoP';
      await register({ binding: 'self', proof: 'dpop' });
    }
  });

  it('prints a table for people, with what to do about the gateway that it is', async () => {
    gateway.fault = 'keeps_answers';
    const { exitCode, stdout } = await oncekey('probe', resource, '--gateway', 'apache');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /✗ {2}no answer is kept .*the broker was not asked\n +apache: .*OIDCOAuthTokenIntrospectionInterval -1/,
    );
    expect(stdout).toMatch(/✓ {2}another body is refused/);
    gateway.fault = null;
    const right = await oncekey('probe', resource);
    expect([right.exitCode, right.stdout]).toEqual([
      0,
      expect.stringContaining('nothing got in that must not'),
    ]);
  });

  it('takes itself away when it is interrupted', async () => {
    gateway.fault = 'never_answers';
    gateway.requests = 0;
    const interrupted = quickstart.started('apps/cli/bin/oncekey.js', 'probe', resource);
    await eventually(() => gateway.requests === 1, STEP_MS);
    expect(await leftovers()).not.toBe('');
    interrupted.child.kill('SIGINT');
    const { exitCode, stderr } = await interrupted.ended;
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('interrupted')]);
    expect(await leftovers()).toBe('');
  });

  it('keeps what somebody drafted, and says why it cannot probe', async () => {
    gateway.fault = null;
    const file = join(mkdtempSync(join(tmpdir(), 'oncekey-probe-test-')), 'attribute.yaml');
    writeFileSync(file, 'name: ticket\ntype: String\n');
    expect((await oncekey('put', 'context-attributes', file)).exitCode).toBe(0);
    expect((await probe(resource)).exitCode).toBe(0);
    expect((await oncekey('get', 'context-attributes')).stdout).toContain('ticket');
    expect(await leftovers()).toBe('');

    const nobodys = await oncekey('probe', 'https://elsewhere.example/');
    expect([nobodys.exitCode, nobodys.stderr]).toEqual([1, expect.stringContaining('no resource server')]);
    const bob = await oncekey('probe', resource, '--as', 'bob');
    expect([bob.exitCode, bob.stderr]).toEqual([1, expect.stringContaining('no token for this call')]);
    const silent = await oncekey('probe', resource, '--via', 'http://127.0.0.1:1');
    expect([silent.exitCode, silent.stderr]).toEqual([3, expect.stringContaining('does not answer')]);
    expect(await leftovers()).toBe('');
  });
});
