import type { LiveRelease, PolicyProblem, ReleaseDocument } from '#core';
import { CedarCompiler } from './cedar-compiler.ts';
import { aDocument } from './testing/a-document.ts';
import { PreparsedSlots } from './preparsed-slots.ts';

const compiler = new CedarCompiler(new PreparsedSlots('compiler-spec-'));

function problemsOf(document: Partial<ReleaseDocument>): readonly PolicyProblem[] {
  const compiled = compiler.compile(1, aDocument(document));
  return 'problems' in compiled ? compiled.problems : [];
}

function releaseOf(document: Partial<ReleaseDocument>): LiveRelease {
  const compiled = compiler.compile(3, aDocument(document));
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  return compiled.release;
}

const problemsWith = (cedar: string): readonly PolicyProblem[] =>
  problemsOf({ policies: [{ id: 'p', cedar }] });

const HEAD = 'permit(principal, action, resource)';

describe('CedarCompiler', () => {
  it('compiles no policies at all: that release denies everything', () => {
    expect(problemsOf({ policies: [] })).toEqual([]);
    expect(problemsOf({ policies: [], apis: [] })).toEqual([]);
  });

  it.each<{ name: string; cedar: string; at: [number, number]; suggestion: string | null }>([
    {
      name: 'a misspelt operation',
      cedar: 'permit(principal, action == Action::"orders.refnd", resource);',
      at: [1, 29],
      suggestion: 'orders.refund',
    },
    {
      name: 'a misspelt tag',
      cedar: 'permit(principal, action in Action::"tag:wrte", resource);',
      at: [1, 29],
      suggestion: 'tag:write',
    },
    {
      name: 'a misspelt API',
      cedar: 'permit(principal, action, resource == Api::"ordrs");',
      at: [1, 39],
      suggestion: 'orders',
    },
    {
      name: 'a misspelt API in a condition',
      cedar: `${HEAD} when { resource == Api::"ordrs" };`,
      at: [1, 56],
      suggestion: 'orders',
    },
    {
      name: 'a misspelt attribute',
      cedar: `${HEAD}\nwhen { context.operation.mthod == "GET" };`,
      at: [2, 8],
      suggestion: 'context.operation.method',
    },
    {
      name: 'a misspelt attribute of the principal',
      cedar: `${HEAD} when { principal.issuer == "x" };`,
      at: [1, 44],
      suggestion: null,
    },
    {
      name: 'a parameter that the operation does not have',
      cedar:
        'permit(principal, action == Action::"orders.read", resource) when { context.operation.params.idd == "4" };',
      at: [1, 69],
      suggestion: 'context.operation.params.id',
    },
    {
      name: 'a parameter that only some of the operations have',
      cedar: `${HEAD} when { context.operation.params.id == "4" };`,
      at: [1, 44],
      suggestion: 'only some of the operations have it: name those, or test for it with `has`',
    },
    {
      name: 'a test for a claim that is not registered',
      cedar: `forbid(principal, action, resource) unless { context.claimed has reson };`,
      at: [1, 66],
      suggestion: 'context.claimed.reason',
    },
    {
      name: 'a test for a parameter that the scope never has',
      cedar:
        'permit(principal, action == Action::"orders.list", resource) unless { context.operation.params has id };',
      at: [1, 100],
      suggestion: 'context.operation.params',
    },
    {
      name: 'an optional attribute that is read untested',
      cedar: `${HEAD} when { context.auth.acr == "phr" };`,
      at: [1, 44],
      suggestion: "try testing for the attribute's presence with `context.auth has acr && ..`",
    },
    {
      name: 'an entity type that does not exist',
      cedar: 'permit(principal is Usr, action, resource);',
      at: [1, 21],
      suggestion: 'User',
    },
    {
      name: 'a comparison of different types',
      cedar: `${HEAD} when { context.operation.method == 3 };`,
      at: [1, 44],
      suggestion: expect.any(String) as string,
    },
    {
      name: 'a misspelt method',
      cedar: `${HEAD} when { context.network has ip && context.network.ip.isInRnge(ip("10.0.0.0/8")) };`,
      at: [1, 70],
      suggestion: 'isInRange',
    },
    {
      name: 'a range that is none',
      cedar: `${HEAD} when { context.network has ip && context.network.ip.isInRange(ip("10.0.0.0/88")) };`,
      at: [1, 99],
      suggestion: expect.any(String) as string,
    },
    {
      name: 'a policy that can never apply',
      cedar: 'forbid(principal, action, resource) when { false };',
      at: [1, 1],
      suggestion: null,
    },
    {
      name: 'a group name that hides a character',
      cedar: 'permit(principal in Group::"sup\u200Bport", action, resource);',
      at: [1, 32],
      suggestion: null,
    },
    {
      name: 'a template',
      cedar: 'permit(principal == ?principal, action, resource);',
      at: [1, 21],
      suggestion: expect.any(String) as string,
    },
    { name: 'two policies in one text', cedar: `${HEAD};\n${HEAD};`, at: [2, 1], suggestion: null },
    { name: 'no policy', cedar: '// nothing', at: [1, 1], suggestion: null },
    { name: 'half a policy', cedar: HEAD, at: [1, 36], suggestion: null },
    {
      name: 'half a character',
      cedar: '// \uD800\npermit(principal, action, resource);',
      at: [1, 4],
      suggestion: null,
    },
    {
      name: 'a misspelt obligation',
      cedar: `// ü @tl\n  @tll("10")\n${HEAD};`,
      at: [2, 3],
      suggestion: 'ttl',
    },
    { name: 'an obligation out of range', cedar: `@ttl("301") ${HEAD};`, at: [1, 1], suggestion: null },
    { name: 'an obligation without a value', cedar: `@digest ${HEAD};`, at: [1, 1], suggestion: null },
    {
      name: 'an obligation on a forbid',
      cedar: '@ttl("10") forbid(principal, action, resource);',
      at: [1, 1],
      suggestion: null,
    },
    { name: 'an @id that is not its id', cedar: `@id("q") ${HEAD};`, at: [1, 1], suggestion: 'p' },
  ])('refuses $name, and says where', ({ cedar, at: [line, column], suggestion }) => {
    const problems = problemsWith(cedar);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ policy: 'p', line, column, suggestion });
  });

  it('counts lines and columns in characters, where Cedar counts bytes', () => {
    const cedar =
      '// für Köln 🚲\r\npermit(principal in Group::"Köln 🚲", action == Action::"orders.raed", resource);';
    expect(problemsWith(cedar)).toMatchObject([{ line: 2, column: 48, suggestion: 'orders.read' }]);
  });

  it.each(['Отдел IT', 'R&D – Köln 🚲', 'a\\u{200c}b'])('lets a group be called %s', (group) => {
    expect(problemsWith(`permit(principal in Group::"${group}", action, resource);`)).toEqual([]);
  });

  it('tells all problems of all policies at once, in order', () => {
    const problems = problemsOf({
      policies: [
        {
          id: 'b',
          cedar:
            '@tl("1") @uses("0") permit(principal, action == Action::"orders.lst", resource) when { context.operation.mthod == "x" };',
        },
        { id: 'a', cedar: 'permit(principal, action, resource' },
        { id: 'a', cedar: `${HEAD};` },
        { id: '__proto__', cedar: `${HEAD};` },
      ],
    });
    expect(problems.map(({ policy, column, suggestion }) => [policy, column, suggestion])).toEqual([
      ['b', 1, 'ttl'],
      ['b', 10, null],
      ['b', 49, 'orders.list'],
      ['b', 106, 'context.operation.method'],
      ['a', 1, null],
      ['a', 35, null],
      ['__proto__', 1, null],
    ]);
  });

  it('tells the problems of the catalog beside those of the policies', () => {
    const problems = problemsOf({
      apis: [
        {
          id: 'orders',
          operations: [
            { id: 'orders.read', method: 'GET', path: '/orders/{id}', tags: [] },
            { id: 'orders.read', method: 'GET', path: '/orders/{number}', tags: [] },
            { id: 'tag:write', method: 'get', path: 'orders', tags: ['A'] },
          ],
        },
      ],
      policies: [{ id: 'p', cedar: 'permit' }],
    });
    expect(problems.map(({ policy }) => policy)).toEqual([
      'catalog#/apis/0/operations/1/id',
      'catalog#/apis/0/operations/1/path',
      'catalog#/apis/0/operations/2/id',
      'catalog#/apis/0/operations/2/method',
      'catalog#/apis/0/operations/2/tags',
      'catalog#/apis/0/operations/2/path',
      'p',
    ]);
  });

  it('says `orders.refund` to whoever wrote `orders.refnd`, wherever it stands', () => {
    const cedar = `permit (
  principal in Group::"support",
  action in [Action::"orders.read", Action::"orders.refnd"],
  resource == Api::"orders"
)
when { context.client.id == "web" && action != Action::"orders.refnd" };`;
    const [first, ...others] = problemsWith(cedar);
    expect(first).toMatchObject({ line: 3, column: 37, suggestion: 'orders.refund' });
    expect(first?.message).toContain('orders.refnd');
    expect(others.every(({ suggestion }) => suggestion === 'orders.refund')).toBe(true);
  });

  it('holds a policy against those operations only that it can match', () => {
    const condition = 'when { context.operation.params.invoice == "4" };';
    const billing = 'permit(principal, action in Action::"api:billing", resource)';
    expect(problemsWith(`${billing} ${condition}`)).toEqual([]);
    expect(problemsWith(`permit(principal, action, resource == Api::"billing") ${condition}`)).toEqual([]);
    expect(problemsWith(`${HEAD} ${condition}`)).toHaveLength(1);
    // A condition may name what lies outside of the scope; only what is nowhere is wrong.
    expect(problemsWith(`${billing} unless { action == Action::"orders.read" };`)).toEqual([]);
    expect(problemsWith(`${billing} unless { action == Action::"orders.raed" };`)).toHaveLength(1);
  });

  it('tells what each policy is about, by id', () => {
    const { policies } = releaseOf({
      policies: [
        { id: 'q', cedar: '@name("Q") forbid(principal, action in Action::"tag:money", resource);' },
        { id: 'p', cedar: `@owner("desk") permit(principal, action, resource is Api in Api::"billing");` },
        { id: 'r', cedar: 'permit(principal, action == Action::"orders.list", resource == Api::"billing");' },
      ],
    });
    expect(policies).toEqual([
      {
        id: 'p',
        effect: 'permit',
        operations: ['billing.pay', 'billing.read'],
        name: null,
        description: null,
        owner: 'desk',
      },
      {
        id: 'q',
        effect: 'forbid',
        operations: ['billing.pay', 'orders.refund'],
        name: 'Q',
        description: null,
        owner: null,
      },
      { id: 'r', effect: 'permit', operations: [], name: null, description: null, owner: null },
    ]);
  });

  it('keeps the obligations of each policy', () => {
    const release = releaseOf({
      policies: [
        { id: 'p', cedar: `@ttl("10") @digest("required") @description("what for") ${HEAD};` },
        { id: 'q', cedar: `@break_glass("only when the directory is down") ${HEAD};` },
      ],
    });
    expect(release.number).toBe(3);
    expect(release.obligationsOf('p')).toEqual({ ttlSeconds: 10, digestRequired: true });
    expect(release.obligationsOf('q')).toEqual({});
    expect(() => release.obligationsOf('r')).toThrow();
  });
});
