import { CedarCompiler } from '#cedar';
import type { ReleaseDocument } from '#core';
import { checkRelease } from './check-release.ts';
import type { PolicyFile } from './read-seed-folders.ts';
import { SeedSource } from './seed-source.ts';

const CATALOG = `apis:
  - id: orders
    operations:
      - { id: orders.read, method: GET, path: '/orders/{id}' }
      - { id: orders.refund, method: POST, path: '/orders/{id}/refund', tags: [money] }
`;
const READ = 'permit (principal, action == Action::"orders.read", resource == Api::"orders");';
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
  { catalog = null, policies = null }: { catalog?: string | null; policies?: readonly PolicyFile[] | null },
  live: ReleaseDocument | null = null,
) {
  const source = catalog === null ? null : new SeedSource('catalog.yaml', catalog);
  return checkRelease({ catalog: source, policies }, live, new CedarCompiler());
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

  it.each<{ name: string; catalog?: string; policies?: PolicyFile[]; problem: object }>([
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
  ])('refuses $name', ({ catalog, policies, problem }) => {
    const checked = check({ catalog: catalog ?? null, policies: policies ?? null });
    expect(checked).toEqual({
      publish: null,
      problems: expect.arrayContaining([expect.objectContaining(problem)]),
    });
  });
});
