import { coloursFor } from '#quickstart';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { policyFmt } from './policy-fmt.ts';
import { policyLint } from './policy-lint.ts';
import { policyTest } from './policy-test.ts';

const CATALOG = `apis:
  - id: orders
    operations:
      - { id: orders.read, method: GET, path: '/orders/{id}', tags: [read] }
`;
const GOOD = `permit (
  principal in Group::"support",
  action == Action::"orders.read",
  resource == Api::"orders"
);
`;
const test = (id: string, groups: string, decision: string): string => `- id: ${id}
  name: somebody reads
  principal: { issuer: 'https://login.example', subject: somebody, groups: [${groups}] }
  operation: orders.read
  parameters: { id: '42' }
  time: '2026-01-05T09:00:00Z'
  expect: { decision: ${decision} }
`;

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'oncekey-policies-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

type Command = (
  terminal: Parameters<typeof policyTest>[0],
  folder: string,
  options: { json?: boolean; check?: boolean; denyWarnings?: boolean },
) => Promise<number>;

async function run(
  command: Command,
  folder: string,
  options: Parameters<Command>[2] = {},
): Promise<{ code: number; out: string; err: string }> {
  const lines: Record<'out' | 'err', string[]> = { out: [], err: [] };
  const code = await command(
    {
      print: (line) => void lines.out.push(line),
      remark: (line) => void lines.err.push(line),
      colours: coloursFor(false, undefined),
    },
    folder,
    options,
  );
  const tidy = (all: string[]): string => all.join('\n').replaceAll(`${folder}/`, '');
  return { code, out: tidy(lines.out), err: tidy(lines.err) };
}

describe('policy test', () => {
  it('is green when each test gets what it expects', async () => {
    const tests = test('yes', 'support', 'permit') + test('no', '', 'deny');
    const folder = folderOf({ 'catalog.yaml': CATALOG, 'read.cedar': GOOD, 'tests.yaml': tests });
    const { code, out } = await run(policyTest, folder);
    expect([code, out.split('\n')]).toEqual([
      0,
      [
        '  ✓  yes  somebody reads',
        '  ✓  no   somebody reads',
        '2 of 2 tests pass; 1 of 1 policies are tested both ways',
      ],
    ]);
  });

  it('is red and tells what differs, and which policy is not tested both ways', async () => {
    const tests = test('yes', '', 'permit') + test('no', '', 'deny');
    const folder = folderOf({ 'catalog.yaml': CATALOG, 'read.cedar': GOOD, 'tests.yaml': tests });
    const { code, out } = await run(policyTest, folder);
    expect(code).toBe(1);
    expect(out).toContain('✗  yes');
    expect(out).toContain('decision: expected permit, got deny (policy.denied)');
    expect(out).toContain('! read has no allowing test');
    const json = await run(policyTest, folder, { json: true });
    expect([json.code, JSON.parse(json.out)]).toEqual([
      1,
      expect.objectContaining({ passed: false, untested: [{ policy: 'read', missing: ['allowing'] }] }),
    ]);
  });

  it('tells what is wrong with a test, at its line', async () => {
    const tests = test('yes', 'support', 'permit').replace('operation:', 'operations:');
    const folder = folderOf({ 'catalog.yaml': CATALOG, 'read.cedar': GOOD, 'tests.yaml': tests });
    const { code, err } = await run(policyTest, folder);
    expect([code, err.split('\n')]).toEqual([
      1,
      [
        'tests.yaml:1:3 #/0/operation is missing',
        'tests.yaml:4:15 #/0/operations is not a member of this document',
      ],
    ]);
  });
});

describe('policy lint', () => {
  it('tells a misspelt operation at its place, and the likely spelling', async () => {
    const wrong = GOOD.replace('orders.read', 'orders.raed');
    const { code, err } = await run(policyLint, folderOf({ 'catalog.yaml': CATALOG, 'read.cedar': wrong }));
    expect(code).toBe(1);
    expect(err).toMatch(/^read\.cedar:3:\d+ read: .*orders\.raed.*orders\.read/);
  });

  it('warns, and fails only when that is wanted', async () => {
    const wide = GOOD.replace('principal in Group::"support"', 'principal');
    const folder = folderOf({ 'catalog.yaml': CATALOG, 'read.cedar': wide });
    const { code, out } = await run(policyLint, folder);
    expect([code, out]).toEqual([0, expect.stringMatching(/^read\.cedar:2:3 read: .*\[permits-everybody]/)]);
    expect((await run(policyLint, folder, { denyWarnings: true })).code).toBe(1);
  });

  it('asks for the catalog', async () => {
    const { code, err } = await run(policyLint, folderOf({ 'read.cedar': GOOD }));
    expect([code, err]).toEqual([1, expect.stringContaining('catalog.yaml is missing')]);
  });

  it('knows a folder without any policies', async () => {
    await expect(run(policyLint, folderOf({}))).rejects.toThrow(Failure);
  });
});

describe('policy fmt', () => {
  const CRAMPED = '// Why.\npermit(principal,action,resource);';

  it('lays files out, and finds them laid out then', async () => {
    const folder = folderOf({ 'a.cedar': CRAMPED, 'read.cedar': GOOD });
    const check = await run(policyFmt, folder, { check: true });
    expect([check.code, check.out]).toEqual([1, 'a.cedar']);
    expect(readFileSync(join(folder, 'a.cedar'), 'utf8')).toBe(CRAMPED);
    expect((await run(policyFmt, folder)).code).toBe(0);
    expect(readFileSync(join(folder, 'a.cedar'), 'utf8')).toBe(
      '// Why.\npermit (principal, action, resource);\n',
    );
    expect(await run(policyFmt, folder, { check: true })).toEqual({ code: 0, out: '', err: '' });
  });

  it('changes nothing when a file cannot be read', async () => {
    const folder = folderOf({ 'a.cedar': CRAMPED, 'b.cedar': 'permit (\n  principal' });
    const { code, err } = await run(policyFmt, folder);
    expect([code, err]).toEqual([1, expect.stringMatching(/^b\.cedar:\d+:\d+ /)]);
    expect(readFileSync(join(folder, 'a.cedar'), 'utf8')).toBe(CRAMPED);
  });
});
