import { CedarCompiler } from '#cedar';
import { SHIPPED_POLICIES, SHIPPED_TESTS, type ReleaseDocument } from '#core';
import { checkRelease } from './check-release.ts';
import type { PolicyFile } from './read-seed-folders.ts';
import { SeedSource, type SeedProblem } from './seed-source.ts';

const CATALOG = `apis:
  - id: orders
    operations:
      - { id: orders.read, method: GET, path: '/orders/{id}' }
      - { id: orders.refund, method: POST, path: '/orders/{id}/refund', tags: [money] }
`;
const READ = 'permit (principal, action == Action::"orders.read", resource == Api::"orders");';
const TEST = `- id: somebody-reads
  name: somebody reads
  principal: { issuer: 'https://login.example', subject: somebody, groups: [] }
  operation: orders.read
  parameters: { id: '42' }
  time: '2026-01-01T12:00:00Z'
`;
const REFUND = `@id("refunds")
@ttl("10")
permit (principal in Group::"support", action == Action::"orders.refund", resource == Api::"orders");`;

const LIVE: ReleaseDocument = {
  apis: [
    { id: 'orders', operations: [{ id: 'orders.read', method: 'GET', path: '/orders/{id}', tags: [] }] },
  ],
  claimed: {},
  policies: [{ id: 'read', cedar: READ }],
};

function check(
  {
    catalog = null,
    policies = null,
    tests = null,
    bindsRoles = false,
  }: {
    catalog?: string | null;
    policies?: readonly PolicyFile[] | null;
    tests?: string | null;
    bindsRoles?: boolean;
  },
  live: ReleaseDocument | null = null,
) {
  const source = (name: string, text: string | null) => (text === null ? null : new SeedSource(name, text));
  const parts = {
    catalog: source('catalog.yaml', catalog),
    policies,
    tests: source('tests.yaml', tests),
    roleBindings: bindsRoles ? [{ document: {}, problem: () => expect.anything() as SeedProblem }] : [],
  };
  return checkRelease(parts, live, new CedarCompiler());
}

describe('checkRelease', () => {
  it('puts catalog and policies of several files together', () => {
    const policies = [
      { file: 'read.cedar', text: READ },
      { file: 'support.cedar', text: REFUND },
    ];
    const { publish } = check({ catalog: CATALOG, policies });
    expect(publish?.policies.map(({ id }) => id)).toEqual(['read', 'refunds']);
    expect(publish?.apis[0]?.operations.map(({ id }) => id)).toEqual(['orders.read', 'orders.refund']);
  });

  it('publishes nothing when there is nothing of a release in the seed', () => {
    expect(check({}, LIVE)).toEqual({ publish: null, problems: [] });
  });

  it('publishes nothing when nothing differs, whatever the order of stored members', () => {
    const live = { policies: LIVE.policies, claimed: {}, apis: LIVE.apis };
    expect(check({ policies: [{ file: 'read.cedar', text: READ }] }, live)).toEqual({
      publish: null,
      problems: [],
    });
  });

  it('takes the policies from the live release when the seed has a catalog only', () => {
    expect(check({ catalog: CATALOG }, LIVE).publish?.policies).toEqual(LIVE.policies);
  });

  it('takes the catalog from the live release when the seed has policies only', () => {
    const text = `${READ}\n`.replace('permit (', '@ttl("5")\npermit (');
    expect(check({ policies: [{ file: 'read.cedar', text }] }, LIVE).publish?.apis).toEqual(LIVE.apis);
  });

  it('brings the shipped policies over the admin API, tested, with the first role', () => {
    const { publish } = check({ bindsRoles: true }, LIVE);
    expect(publish?.policies).toEqual([...LIVE.policies, ...SHIPPED_POLICIES]);
    expect(publish?.tests).toEqual(SHIPPED_TESTS);
  });

  it('leaves the policies over the admin API as they are when the seed names none of them', () => {
    const guard = SHIPPED_POLICIES.filter(({ id }) => id === 'oncekey-admin.guard');
    const live = { ...LIVE, policies: [...LIVE.policies, ...guard] };
    const policies = [{ file: 'read.cedar', text: READ }];
    expect(check({ policies, bindsRoles: true }, live)).toEqual({ publish: null, problems: [] });
  });

  it.each<{
    name: string;
    catalog?: string;
    policies?: PolicyFile[];
    tests?: string;
    problem: object;
  }>([
    {
      name: 'a test that fails',
      catalog: CATALOG,
      policies: [{ file: 'read.cedar', text: READ }],
      tests: `${TEST}  expect: { decision: deny }`,
      problem: { file: 'tests.yaml', line: 1, message: expect.stringContaining('expected deny, got permit') },
    },
    {
      name: 'a test with a member that it does not know',
      catalog: CATALOG,
      policies: [{ file: 'read.cedar', text: READ }],
      tests: `${TEST}  expects: { decision: permit }`,
      problem: { file: 'tests.yaml', pointer: '#/0/expects', line: 7 },
    },
    {
      name: 'policies without any catalog',
      policies: [{ file: 'read.cedar', text: READ }],
      problem: { file: 'catalog.yaml' },
    },
    { name: 'a catalog without any policies', catalog: CATALOG, problem: { file: '*.cedar' } },
    {
      name: 'a catalog with a member that it does not know',
      catalog: CATALOG.replace('path:', 'pfad:'),
      policies: [{ file: 'read.cedar', text: READ }],
      problem: { file: 'catalog.yaml', pointer: '#/apis/0/operations/0/pfad', line: 4 },
    },
    {
      name: 'a policy that names no operation of the catalog, at its line of the file',
      catalog: CATALOG,
      policies: [
        {
          file: 'two.cedar',
          text: `${REFUND}\n\n@id("typo")\n${READ.replace('orders.read', 'orders.raed')}`,
        },
      ],
      problem: { file: 'two.cedar', line: 6, message: expect.stringContaining('orders.raed') },
    },
    {
      name: 'an obligation that there is not',
      catalog: CATALOG,
      policies: [{ file: 'p.cedar', text: REFUND.replace('@ttl', '@tll') }],
      problem: { file: 'p.cedar', message: expect.stringContaining('@tll') },
    },
    {
      name: 'an id that two files use',
      catalog: CATALOG,
      policies: [
        { file: 'a.cedar', text: REFUND },
        { file: 'b.cedar', text: REFUND },
      ],
      problem: { file: 'b.cedar', line: 1, message: expect.stringContaining('a.cedar:1') },
    },
  ])('refuses $name', ({ catalog, policies, tests, problem }) => {
    const checked = check({ catalog: catalog ?? null, policies: policies ?? null, tests: tests ?? null });
    expect(checked).toEqual({
      publish: null,
      problems: expect.arrayContaining([expect.objectContaining(problem)]),
    });
  });
});
