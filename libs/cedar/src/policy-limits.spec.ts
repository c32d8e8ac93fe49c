import { CedarCompiler } from './cedar-compiler.ts';
import { POLICY_LIMITS } from './policy-limits.ts';
import { PreparsedSlots } from './preparsed-slots.ts';
import { aDocument, aRequest } from './testing/a-document.ts';
import { BOMBS, TEST } from './testing/bombs.ts';

const compiler = new CedarCompiler(new PreparsedSlots('limits-spec-'));

function outcomeOf(condition: string): string {
  const cedar = `permit(principal, action, resource) when { ${condition} };`;
  const compiled = compiler.compile(1, aDocument({ policies: [{ id: 'p', cedar }] }));
  return 'problems' in compiled ? 'refused' : compiled.release.evaluate(aRequest()).effect;
}

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
