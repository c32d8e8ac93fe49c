import { fakeRelease, type FakePolicy } from '#testing';
import { untested } from './policy-coverage.ts';
import type { PolicyExpectation, PolicyTest } from './policy-test.ts';
import { runPolicyTests } from './run-policy-tests.ts';

const support: FakePolicy = {
  id: 'support',
  operations: ['orders.refund'],
  when: ({ principal }) => principal.groups.includes('support'),
  obligations: { digestRequired: true, acrValues: ['phr', 'phrh'] },
};
const noNights: FakePolicy = {
  id: 'no-nights',
  effect: 'forbid',
  operations: ['orders.refund'],
  when: ({ context }) => context.time === 0,
};
const readers: FakePolicy = { id: 'readers', operations: ['orders.list'] };
const release = fakeRelease([support, noNights, readers]);

function aTest(id: string, changes: Partial<PolicyTest> = {}): PolicyTest {
  return {
    id,
    name: id,
    principal: { issuer: 'https://idp.example', subject: 'ada', groups: ['support'] },
    operation: 'orders.refund',
    parameters: { id: '42' },
    has_digest: true,
    acr: 'phr',
    time: '2026-01-31T09:30:00Z',
    expect: { decision: 'permit' },
    ...changes,
  };
}
const stranger = { issuer: 'https://idp.example', subject: 'eve', groups: [] };
const works = aTest('works');
const strangerDenied = aTest('stranger', { principal: stranger, expect: { decision: 'deny' } });
const nightDenied = aTest('night', { time: '1970-01-01T00:00:00Z', expect: { decision: 'deny' } });

describe('runPolicyTests', () => {
  it.each<{ name: string; expected: PolicyExpectation; differing: string[] }>([
    { name: 'the decision alone', expected: { decision: 'permit' }, differing: [] },
    {
      name: 'policies, and each obligation in any order',
      expected: {
        decision: 'permit',
        policies: ['support'],
        obligations: { digest: 'required', acr: 'phrh phr' },
      },
      differing: [],
    },
    {
      name: 'the life that a token has when no policy says how long',
      expected: { decision: 'permit', obligations: { ttl: 15 } },
      differing: [],
    },
    { name: 'the other decision', expected: { decision: 'deny' }, differing: ['decision'] },
    {
      name: 'another policy',
      expected: { decision: 'permit', policies: ['readers', 'support'] },
      differing: ['policies'],
    },
    {
      name: 'no policy at all',
      expected: { decision: 'permit', policies: [] },
      differing: ['policies'],
    },
    {
      name: 'everything wrong',
      expected: {
        decision: 'deny',
        policies: [],
        obligations: { ttl: 5, acr: 'phr', proof: 'dpop', max_auth_age: 5, uses: 1 },
      },
      differing: ['decision', 'policies', 'ttl', 'acr', 'proof', 'max_auth_age', 'uses'],
    },
  ])('compares $name', ({ expected, differing }) => {
    const { passed, results } = runPolicyTests(release, [aTest('t', { expect: expected })]);
    expect(results[0]?.differences.map((one) => one.slice(0, one.indexOf(':')))).toEqual(differing);
    expect(results[0]?.passed).toBe(differing.length === 0);
    expect(passed).toBe(differing.length === 0);
    expect(results[0]?.actual).toEqual({
      decision: 'permit',
      reason: null,
      policies: ['support'],
      obligations: { ttl: 15, digest: 'required', acr: 'phr phrh' },
    });
  });

  it('says why a denial was none that was expected', () => {
    const { results } = runPolicyTests(release, [aTest('t', { has_digest: false })]);
    expect(results[0]?.actual?.reason).toBe('operation.digest_required');
    expect(results[0]?.differences).toEqual([
      'decision: expected permit, got deny (operation.digest_required)',
    ]);
  });

  it('fails a test that nobody can ask, whatever it expects', () => {
    const gone = aTest('gone', { operation: 'orders.gone', expect: { decision: 'deny' } });
    const { passed, results, coverage } = runPolicyTests(release, [gone]);
    expect(passed).toBe(false);
    expect(results[0]).toMatchObject({ passed: false, actual: null });
    expect(results[0]?.differences).toHaveLength(1);
    expect(coverage.every(({ denying }) => denying.length === 0)).toBe(true);
  });

  it('passes without tests, and covers nothing then', () => {
    const report = runPolicyTests(release, []);
    expect(report.passed).toBe(true);
    expect(untested(report)).toEqual(
      ['support', 'no-nights', 'readers'].map((policy) => ({ policy, missing: ['allowing', 'denying'] })),
    );
  });
});

describe('coverage', () => {
  const cover = (...tests: PolicyTest[]) => {
    const report = runPolicyTests(release, tests);
    return {
      missing: new Map(untested(report).map(({ policy, missing }) => [policy, missing])),
      of: (policy: string) => report.coverage.find((one) => one.policy === policy),
    };
  };

  it('is complete with an allowing and a denying case of each policy', () => {
    const list = aTest('list', { operation: 'orders.list', parameters: {} });
    const { missing, of } = cover(works, strangerDenied, nightDenied, list);
    expect(of('support')).toEqual({
      policy: 'support',
      allowing: ['works'],
      denying: ['stranger', 'night'],
      decided: true,
    });
    expect(of('no-nights')).toEqual({
      policy: 'no-nights',
      allowing: ['works'],
      denying: ['night'],
      decided: true,
    });
    expect(missing).toEqual(new Map([['readers', ['denying']]]));
  });

  it.each<{ name: string; tests: PolicyTest[]; policy: string; lacks: string[] }>([
    { name: 'a denial elsewhere', tests: [works], policy: 'support', lacks: ['denying'] },
    {
      name: 'a denial for what the permit itself demands',
      tests: [works, aTest('no-digest', { has_digest: false, expect: { decision: 'deny' } })],
      policy: 'support',
      lacks: ['denying'],
    },
    {
      name: 'a red test',
      tests: [aTest('red', { expect: { decision: 'permit', policies: [] } })],
      policy: 'support',
      lacks: ['allowing', 'denying'],
    },
    {
      name: 'a denial that the forbid did not decide',
      tests: [works, strangerDenied],
      policy: 'no-nights',
      lacks: ['denying'],
    },
    {
      name: 'a permit of an operation that the forbid is not about',
      tests: [nightDenied, aTest('list', { operation: 'orders.list', parameters: {} })],
      policy: 'no-nights',
      lacks: ['allowing'],
    },
  ])('is not had by $name', ({ tests, policy, lacks }) => {
    expect(cover(...tests).missing.get(policy)).toEqual(lacks);
  });
});
