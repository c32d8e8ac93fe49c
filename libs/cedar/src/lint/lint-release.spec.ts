import type { LintRule, PolicyTest, PolicyWarning, ReleaseDocument } from '#core';
import { lintRelease } from './lint-release.ts';
import { CedarCompiler } from '../cedar-compiler.ts';
import { PreparsedSlots } from '../preparsed-slots.ts';
import { aDocument } from '../testing/a-document.ts';

const compiler = new CedarCompiler(new PreparsedSlots('lint-spec-'));

function warningsOf(
  texts: readonly string[],
  change: Partial<ReleaseDocument> = {},
): readonly PolicyWarning[] {
  const document = aDocument({ policies: texts.map((cedar, at) => ({ id: `p${at}`, cedar })), ...change });
  // What is warned of is no problem, or nobody would ever read the warning.
  expect(compiler.compile(1, document)).toHaveProperty('release');
  return lintRelease(document);
}

type Warned = readonly [policy: string, rule: LintRule, line: number, column: number];

const brief = (warnings: readonly PolicyWarning[]): readonly Warned[] =>
  warnings.map(({ policy, rule, line, column }) => [policy, rule, line, column]);

const SUPPORT = 'principal in Group::"support"';
const READ = 'action == Action::"orders.read"';
const like = (test: string): string => `permit(${SUPPORT}, ${READ}, resource)\nwhen { ${test} };`;

describe('the linter', () => {
  it.each<{ name: string; policies: readonly string[]; warned: readonly Warned[] }>([
    {
      name: 'nothing about a narrow permit',
      policies: [`permit(${SUPPORT}, ${READ}, resource);`],
      warned: [],
    },
    {
      name: 'nothing about a wide forbid',
      policies: ['forbid(principal, action, resource) unless { context.client.id == "web" };'],
      warned: [],
    },
    {
      name: 'a permit of everything to everybody, three times',
      policies: ['@ttl("5")\npermit(\n  principal,\n  action, // all\n  resource\n);'],
      warned: [
        ['p0', 'permits-everybody', 3, 3],
        ['p0', 'unscoped-action', 4, 3],
        ['p0', 'unscoped-resource', 5, 3],
      ],
    },
    {
      name: 'that every user is everybody',
      policies: [`permit(principal is User, ${READ}, resource is Api);`],
      warned: [['p0', 'permits-everybody', 1, 8]],
    },
    {
      name: 'nothing where a condition says who, what and where',
      policies: [
        `permit(principal, action, resource) when { ${SUPPORT} && ${READ} && resource == Api::"orders" };`,
      ],
      warned: [],
    },
    {
      name: 'a tag without an API, which every API may have',
      policies: [`permit(${SUPPORT}, action in Action::"tag:read", resource);`],
      warned: [['p0', 'unscoped-resource', 1, 69]],
    },
    {
      name: 'nothing about the operations of an API, by its group',
      policies: [`permit(${SUPPORT}, action in Action::"api:orders", resource);`],
      warned: [],
    },
    {
      name: 'an operation and an API that never meet, in a forbid too',
      policies: [
        `permit(${SUPPORT}, ${READ}, resource == Api::"billing");`,
        'forbid(principal, action in [Action::"tag:write"], resource in Api::"billing");',
      ],
      warned: [
        ['p0', 'can-never-match', 1, 39],
        ['p1', 'can-never-match', 1, 19],
      ],
    },
    {
      name: 'a permit that a forbid leaves nothing of',
      policies: [
        `permit(${SUPPORT}, ${READ}, resource);`,
        'forbid(principal, action in Action::"tag:read", resource);',
      ],
      warned: [['p0', 'shadowed-by-forbid', 1, 8]],
    },
    {
      name: 'a permit that two forbids leave nothing of, one of them for the same people',
      policies: [
        `permit(${SUPPORT}, action in Action::"api:orders", resource);`,
        'forbid(principal is User, action in Action::"tag:read", resource);',
        `forbid(${SUPPORT}, action == Action::"orders.refund", resource);`,
      ],
      warned: [['p0', 'shadowed-by-forbid', 1, 8]],
    },
    {
      name: 'nothing about a permit that a forbid leaves something of',
      policies: [
        `permit(${SUPPORT}, action in Action::"api:orders", resource);`,
        'forbid(principal, action in Action::"tag:read", resource);',
        'forbid(principal, action == Action::"orders.refund", resource) when { context.client.id == "x" };',
        'forbid(principal in Group::"other", action == Action::"orders.refund", resource);',
      ],
      warned: [],
    },
    {
      name: 'a * that crosses /, in a path',
      policies: [like('context.operation.path like "/orders/*"')],
      warned: [['p0', 'like-crosses-slash', 2, 31]],
    },
    {
      name: 'a * that crosses /, in a URI in other words',
      policies: [like('context["operation"].target_uri like "https://api.example/orders/*/x"')],
      warned: [['p0', 'like-crosses-slash', 2, 40]],
    },
    {
      name: 'nothing about a * that is a letter, or elsewhere',
      policies: [
        like('context.operation.path like "/orders/\\*" && context.client.id like "web-*"'),
        like('principal has email && principal.email like "*@example.org"'),
      ],
      warned: [],
    },
    {
      name: 'the pattern at its own place, of several',
      policies: [like('context.client.id like "web-*" ||\n  context.client.id like "*"')],
      warned: [['p0', 'broad-like', 3, 21]],
    },
    {
      name: 'a pattern that asks for almost nothing, and crosses /',
      policies: [like('context.operation.target_uri like "https://*"')],
      warned: [
        ['p0', 'broad-like', 2, 37],
        ['p0', 'like-crosses-slash', 2, 37],
      ],
    },
  ])('tells $name', ({ policies, warned }) => {
    expect(brief(warningsOf(policies))).toEqual(warned);
  });

  it.each(['', '*', '**', 'https://*', 'http://', '*.com', '*.de', '*com', '*@*', '*/*'])(
    'calls the pattern "%s" broad',
    (pattern) => {
      expect(brief(warningsOf([like(`context.client.id like "${pattern}"`)]))).toEqual([
        ['p0', 'broad-like', 2, 26],
      ]);
    },
  );

  it.each(['*@example.com', '*.example.com', 'https://api.example/*', 'web', '\\*'])(
    'does not call the pattern "%s" broad',
    (pattern) => {
      expect(warningsOf([like(`context.client.id like "${pattern}"`)])).toEqual([]);
    },
  );

  it('says when the admin API is among what is permitted', () => {
    const [, action] = warningsOf(['permit(principal, action, resource);']);
    expect(action?.message).toContain('oncekey-admin');
    const [, orders] = warningsOf(['permit(principal, action, resource == Api::"orders");']);
    expect(orders?.message).not.toContain('oncekey-admin');
  });

  it('passes over what cannot be read', () => {
    const policies = [
      { id: 'p', cedar: 'permit' },
      { id: 'q', cedar: like('context.client.id like "*"') },
    ];
    expect(brief(lintRelease(aDocument({ policies })))).toEqual([['q', 'broad-like', 2, 26]]);
  });
});

describe('the linter, of tests', () => {
  const test = (operation: string, expect: PolicyTest['expect']): PolicyTest => ({
    id: 't',
    name: 'a sentence',
    principal: { issuer: 'https://idp.example', subject: 'ada', groups: [] },
    operation,
    time: '2026-01-31T09:30:00Z',
    expect,
  });
  const permit = `permit(${SUPPORT}, action in [Action::"orders.read", Action::"orders.list"], resource);`;
  const forbid = `forbid(${SUPPORT}, ${READ}, resource) when { context.client.id == "x" };`;

  it.each<{ name: string; cedar: string; tests?: readonly PolicyTest[]; rules: readonly LintRule[] }>([
    { name: 'says nothing where there is nothing about tests', cedar: permit, rules: [] },
    {
      name: 'misses both where there are none',
      cedar: permit,
      tests: [],
      rules: ['missing-test', 'missing-negative-test'],
    },
    {
      name: 'is content with one of each, for any of the operations',
      cedar: permit,
      tests: [test('orders.read', { decision: 'permit' }), test('orders.list', { decision: 'deny' })],
      rules: [],
    },
    {
      name: 'misses a denial',
      cedar: permit,
      tests: [test('orders.read', { decision: 'permit', policies: ['p0', 'other'] })],
      rules: ['missing-negative-test'],
    },
    {
      name: 'does not count what others are to permit, or another operation',
      cedar: permit,
      tests: [
        test('orders.read', { decision: 'permit', policies: ['other'] }),
        test('orders.refund', { decision: 'deny' }),
        test('orders.read', { decision: 'deny', policies: ['other'] }),
      ],
      rules: ['missing-test'],
    },
    {
      name: 'wants of a forbid that it denies, and that it lets pass',
      cedar: forbid,
      tests: [
        test('orders.read', { decision: 'deny', policies: ['other'] }),
        test('orders.read', { decision: 'permit', policies: ['other'] }),
      ],
      rules: ['missing-negative-test'],
    },
  ])('$name', ({ cedar, tests, rules }) => {
    const warnings = warningsOf([cedar], tests === undefined ? {} : { tests });
    expect(warnings.map(({ rule }) => rule)).toEqual(rules);
  });
});
