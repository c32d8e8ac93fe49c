import { CedarCompiler } from './cedar-compiler.ts';
import { POLICY_LIMITS } from './policy-limits.ts';
import { PreparsedSlots } from './preparsed-slots.ts';
import { aDocument, aRequest } from './testing/a-document.ts';

const compiler = new CedarCompiler(new PreparsedSlots('limits-spec-'));
const TEST = 'context.client.id == "web"';

function outcomeOf(condition: string): string {
  const cedar = `permit(principal, action, resource) when { ${condition} };`;
  const compiled = compiler.compile(1, aDocument({ policies: [{ id: 'p', cedar }] }));
  return 'problems' in compiled ? 'refused' : compiled.release.evaluate(aRequest()).effect;
}

/** Each of these, a few times larger, breaks the engine for the rest of the process. */
const BOMBS: Record<string, (size: number) => string> = {
  brackets: (size) => `${'('.repeat(size)}${TEST}${')'.repeat(size)}`,
  negations: (size) => `${'!('.repeat(size)}${TEST}${')'.repeat(size)}`,
  'a chain of or': (size) => Array.from({ length: size }, () => TEST).join(' || '),
  'a chain of and': (size) => Array.from({ length: size }, () => TEST).join(' && '),
  'a chain of sums': (size) => `${Array.from({ length: size }, () => '1').join(' + ')} > 0 && ${TEST}`,
  'nested sets': (size) =>
    `${'['.repeat(size)}1${']'.repeat(size)} == ${'['.repeat(size)}1${']'.repeat(size)}`,
  'nested conditions': (size) => `${'if true then '.repeat(size)}${TEST}${' else false'.repeat(size)}`,
  'nested or': (size) => `${`(${TEST} || `.repeat(size)}true${')'.repeat(size)}`,
  'a chain of methods': (size) => `[1]${'.contains(1)'.repeat(size)}`,
  clauses: (size) => Array.from({ length: size }, () => TEST).join(' } when { '),
  'a deep test': (size) => `context has ${Array.from({ length: size }, () => 'a').join('.')}`,
};

describe('policy limits', () => {
  it.each(Object.entries(BOMBS))('refuse %s beyond them, and the engine lives on', (_, bomb) => {
    for (const size of [160, 500, 2000, 6000]) expect(outcomeOf(bomb(size))).toBe('refused');
    expect(outcomeOf(TEST)).toBe('permit');
  });

  it.each(Object.entries(BOMBS))('let %s within them do no harm', (_, bomb) => {
    for (const size of [15, POLICY_LIMITS.nesting - 2, 45, 64, 98, 140]) outcomeOf(bomb(size));
    expect(outcomeOf(TEST)).toBe('permit');
  });

  it('bear everything at once', () => {
    const deep = `${`!(if ${TEST} || `.repeat(18)}true${' then true else false)'.repeat(18)}`;
    const nested = `${'('.repeat(10)}${deep}${')'.repeat(10)}`;
    expect(['permit', 'deny', 'refused']).toContain(
      outcomeOf(`${nested} && ${Array.from({ length: 30 }, () => TEST).join(' && ')}`),
    );
    expect(outcomeOf(TEST)).toBe('permit');
  });

  it('leave room for a long list', () => {
    const ids = Array.from({ length: 800 }, (_, at) => `"client-${at}"`).join(', ');
    expect(outcomeOf(`[${ids}, "web"].contains(context.client.id)`)).toBe('permit');
  });

  it.each([
    ['an id with a slash', { id: 'a/b', cedar: 'permit(principal, action, resource);' }],
    ['an id that every object has', { id: '__proto__', cedar: 'permit(principal, action, resource);' }],
    ['a long text', { id: 'a', cedar: `${'// x\n'.repeat(4000)}permit(principal, action, resource);` }],
  ])('refuse %s', (_, policy) => {
    expect('problems' in compiler.compile(1, aDocument({ policies: [policy] }))).toBe(true);
  });

  it('refuse more policies than a release may have', () => {
    const policies = Array.from({ length: POLICY_LIMITS.policies + 1 }, (_, at) => ({
      id: `p${at}`,
      cedar: '',
    }));
    expect('problems' in compiler.compile(1, aDocument({ policies }))).toBe(true);
  });
});
