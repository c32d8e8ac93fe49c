import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { QuickstartProcess, START_MS, type Ended } from '../support/quickstart-process.ts';

const WAIT_MS = 60_000;

jest.setTimeout(120_000);

/** Bob may do this once somebody of `support` approves, whom Ada is one of. */
const BOB_ASKS = (issuer: string, name: string, action: string, api: string): string => `@id("${name}")
@approval("Group::\\"support\\"")
@digest("required")
@proof("dpop")
permit (
  principal == User::"${issuer}|bob",
  action == Action::"${action}",
  resource == Api::"${api}"
);
`;

const asked = (issuer: string, subject: string, operation: string, more: string): string => `
- id: ${subject}-asks-for-${operation}
  name: ${subject} asks for ${operation}
  principal: { issuer: '${issuer}', subject: ${subject}, groups: [] }
  operation: ${operation}${more}
  device_key: key-of-${subject}
  approved_by: [support]
  has_digest: true
  time: '2026-01-05T09:00:00Z'
  expect: { decision: ${subject === 'bob' ? 'permit' : 'deny'} }
`;

interface Waiting extends Ended {
  readonly approval: {
    id: string;
    binding_code: string;
    requester: { subject: string };
    operation_id: string;
  };
}

describe('an operation that somebody has to approve, on the command line', () => {
  let quickstart: QuickstartProcess;
  let ended: Promise<number | null>;
  let refund: readonly string[];
  const folder = join(mkdtempSync(join(tmpdir(), 'oncekey-approvals-test-')), 'policies');

  const oncekey = (...args: string[]): Promise<Ended> => quickstart.oncekey(...args);

  /** Starts a command as Bob, has Ada look at what waits and decide, and tells how the command ended. */
  async function decided(
    args: readonly string[],
    decide: (approval: Waiting['approval']) => Promise<unknown>,
  ): Promise<Waiting> {
    const bob = quickstart.started('apps/cli/bin/oncekey.js', ...args, '--as', 'bob');
    let said = '';
    bob.child.stderr?.on('data', (text: string) => (said += text));
    const code = (): string => /waiting for approval, code (\S+):/.exec(said)?.[1] ?? '';
    await eventually(() => code() !== '' || bob.child.exitCode !== null, WAIT_MS);
    const { stdout, stderr } = await oncekey('approvals', 'list', '--json');
    if (stdout === '') throw new Error(`${said}${stderr}`);
    const waiting = (JSON.parse(stdout) as Waiting['approval'][]).find((one) => one.binding_code === code());
    if (waiting === undefined) throw new Error(`${said}\n${stdout}`);
    await decide(waiting);
    return { ...(await bob.ended), approval: waiting };
  }

  const approve = ({ id, binding_code: code }: Waiting['approval']): Promise<Ended> =>
    oncekey('approvals', 'approve', id, '--code', code.toLowerCase().replace('-', ' '));

  beforeAll(async () => {
    quickstart = await QuickstartProcess.onFreePorts();
    ({ ended } = await quickstart.start());
    const [, , provider, orders] = quickstart.ports.map((port) => `http://127.0.0.1:${port}`);
    const issuer = provider ?? '';
    refund = ['call', 'POST', `${orders}/orders/42/refund`, '-d', '{"cents":5}'];
    await oncekey('pull', folder);
    const enroll = 'admin.devices.enroll';
    writeFileSync(
      join(folder, 'bob-refunds.cedar'),
      BOB_ASKS(issuer, 'bob-refunds', 'orders.refund', 'orders'),
    );
    writeFileSync(
      join(folder, 'bob-enrolls.cedar'),
      BOB_ASKS(issuer, 'bob-enrolls', enroll, 'oncekey-admin'),
    );
    const parameters = `\n  parameters: { id: '42' }`;
    for (const subject of ['bob', 'eve']) {
      appendFileSync(join(folder, 'tests.yaml'), asked(issuer, subject, 'orders.refund', parameters));
      appendFileSync(join(folder, 'tests.yaml'), asked(issuer, subject, enroll, ''));
    }
    const applied = await oncekey('apply', folder, '-m', 'bob asks');
    if (applied.exitCode !== 0) throw new Error(applied.stderr);
  }, START_MS + WAIT_MS);

  afterAll(async () => {
    quickstart.signal('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }, 20_000);

  it('waits, says for what and with which code, and is done once somebody has approved', async () => {
    const { exitCode, stdout, stderr, approval } = await decided(refund, async (waiting) => {
      const { id } = waiting;
      const wrong = await oncekey('approvals', 'approve', id, '--code', 'AAAA-AAAA');
      expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining('is another one')]);
      const own = await oncekey('approvals', 'approve', id, '--code', waiting.binding_code, '--as', 'bob');
      expect(own.exitCode).toBe(1);
      const shown = await oncekey('approvals', 'show', id);
      expect(shown.stdout).toMatch(/asked by +bob <bob@toy\.example> of http/);
      expect(shown.stdout).toMatch(/request +POST http.*\/orders\/42\/refund/);
      expect((await approve(waiting)).stdout).toMatch(/state +approved/);
    });
    expect(approval).toMatchObject({ requester: { subject: 'bob' }, operation_id: 'orders.refund' });
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/waiting for approval, code .*POST http/)]);
    expect(stdout).not.toBe('');
    expect((await oncekey('approvals', 'list')).stderr).toBe('nothing waits for you\n');
  });

  it('ends when somebody says no', async () => {
    const { exitCode, stderr } = await decided(refund, async ({ id }) => {
      expect((await oncekey('approvals', 'deny', id)).stdout).toMatch(/state +denied/);
    });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('access_denied')]);
  });

  it('enrols a device once somebody has approved', async () => {
    const { exitCode, stdout, stderr } = await decided(['device', 'enroll', 'bobs-laptop'], approve);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('waiting for approval')]);
    expect(stdout).toBe('bobs-laptop is enrolled as a device of bob\n');
  });
});
