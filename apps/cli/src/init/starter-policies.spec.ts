import { CedarCompiler, formatPolicy, lintRelease } from '#cedar';
import { runPolicyTests, untested, type CatalogOperation, type ReleaseDocument } from '#core';
import { starterPolicies } from './starter-policies.ts';
import { withStarter } from './with-starter.ts';

const EMPTY: ReleaseDocument = { apis: [], claimed: {}, policies: [], tests: [] };

const operation = (id: string, method: string, path: string, ...tags: string[]): CatalogOperation => ({
  id: `shop.${id}`,
  method,
  path,
  tags,
});

const SHOP = [
  operation('cancel', 'DELETE', '/orders/{id}', 'orders', 'admin'),
  operation('create', 'POST', '/orders', 'orders'),
  operation('list', 'GET', '/orders', 'orders', 'read'),
  operation('look', 'GET', '/orders/{id}', 'read'),
  operation('ping', 'GET', '/ping'),
  operation('pong', 'PUT', '/pong/{a}/{b}'),
];

function begun(operations: readonly CatalogOperation[], group?: string): Required<ReleaseDocument> {
  const starter = starterPolicies('shop', operations, group);
  return withStarter(EMPTY, { id: 'shop', operations }, starter).anew;
}

function compiled(document: ReleaseDocument): ReturnType<typeof runPolicyTests> {
  const outcome = new CedarCompiler().compile(1, document);
  if ('problems' in outcome) throw new Error(JSON.stringify(outcome.problems));
  return runPolicyTests(outcome.release, document.tests ?? []);
}

describe(starterPolicies.name, () => {
  it.each<[string, readonly CatalogOperation[], string | undefined]>([
    ['for an API with tags and without', SHOP, undefined],
    ['for one group', SHOP, 'support'],
    ['for an API without tags', SHOP.slice(4), undefined],
    ['for a single operation', SHOP.slice(0, 1), undefined],
    [
      'for many operations without tags',
      Array.from({ length: 500 }, (_, at) => operation(`o${'x'.repeat(100)}${at}`, 'GET', `/o/${at}`)),
      undefined,
    ],
    [
      'for as many tags as there may be',
      Array.from({ length: 100 }, (_, at) => operation(`o${at}`, 'POST', `/o/${at}`, `t${at}`)),
      undefined,
    ],
  ])('compile, and their tests are green and enough, %s', (_, operations, group) => {
    const report = compiled(begun(operations, group));
    expect(report.results.filter(({ passed }) => !passed)).toEqual([]);
    expect(untested(report)).toEqual([]);
    expect(report.passed).toBe(true);
  });

  it('deny first, and permit each tag to its own group', () => {
    const { policies } = begun(SHOP);
    expect(policies.map(({ id }) => id)).toEqual([
      'shop.deny-first',
      'shop.tag.admin',
      'shop.tag.orders',
      'shop.tag.read',
      'shop.untagged',
    ]);
    expect(policies[0]?.cedar).toMatch(/^\/\/ Nothing of shop is open by default/);
    expect(policies[2]?.cedar).toContain('principal in Group::"shop-orders"');
    expect(policies[2]?.cedar).toContain('@target("exact")');
    expect(policies[3]?.cedar).not.toContain('@target');
  });

  it('are laid out as the formatter does, and the linter has nothing to say', () => {
    const document = begun(SHOP);
    for (const { cedar } of document.policies) expect(formatPolicy(cedar)).toEqual({ cedar });
    const warnings = lintRelease(document).filter(({ policy }) => policy.startsWith('shop.'));
    expect(warnings).toEqual([]);
  });

  it('tell which operations nobody is permitted', () => {
    const many = Array.from({ length: 66 }, (_, at) => operation(`o${at}`, 'GET', `/o/${at}`));
    expect(starterPolicies('shop', many).unpermitted).toEqual(['shop.o64', 'shop.o65']);
  });

  it('are not written for more tags than anybody reads through', () => {
    const many = Array.from({ length: 101 }, (_, at) => operation(`o${at}`, 'GET', `/o/${at}`, `t${at}`));
    expect(() => starterPolicies('shop', many)).toThrow(/101 tags/);
  });
});

describe(withStarter.name, () => {
  const starter = starterPolicies('shop', SHOP);
  const first = withStarter(EMPTY, { id: 'shop', operations: SHOP }, starter);

  it('is done once', () => {
    const again = withStarter(first.anew, { id: 'shop', operations: SHOP }, starter);
    expect([first.isFirst, again.isFirst, again.differences]).toEqual([true, false, []]);
  });

  it('leaves everything else as it is', () => {
    const other = { id: 'other', cedar: 'permit (principal, action, resource == Api::"other");' };
    const release = {
      ...EMPTY,
      apis: [{ id: 'other', operations: [{ ...operation('x', 'GET', '/x'), id: 'other.x' }] }],
      policies: [other],
      claimed: { reason: 'String' as const },
    };
    const { anew } = withStarter(release, { id: 'shop', operations: SHOP }, starter);
    expect(anew.policies[0]).toBe(other);
    expect(anew.apis.map(({ id }) => id)).toEqual(['other', 'shop']);
    expect(anew.claimed).toEqual({ reason: 'String' });
  });

  it('tells what was edited and taken away since', () => {
    const [denyFirst, admin, ...others] = first.anew.policies;
    if (denyFirst === undefined || admin === undefined) throw new Error('no policies');
    const edited = {
      ...first.anew,
      policies: [denyFirst, { ...admin, cedar: `${admin.cedar}\n` }, ...others.slice(1)],
    };
    const more = [...SHOP, operation('new', 'GET', '/new', 'read')];
    expect(
      withStarter(edited, { id: 'shop', operations: more }, starterPolicies('shop', more)).differences,
    ).toEqual([
      'operation shop.new is not there',
      'policy shop.tag.orders is not there',
      'policy shop.tag.admin says something else',
      'policy shop.tag.read says something else',
    ]);
  });
});
