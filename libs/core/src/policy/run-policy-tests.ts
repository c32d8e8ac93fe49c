import { judge } from './judge.ts';
import { namedObligations } from './named-obligations.ts';
import { coverageOf } from './policy-coverage.ts';
import type { PolicyExpectation, PolicyTest } from './policy-test.ts';
import { questionOf } from './question-of.ts';
import type { LiveRelease } from './release.ts';
import type { ActualAnswer, TestReport, TestResult } from './test-report.ts';

/** Puts each test's question to the release, at its frozen time, through the function that decides live requests. */
export function runPolicyTests(release: LiveRelease, tests: readonly PolicyTest[]): TestReport {
  const results = tests.map((test) => runTest(release, test));
  return {
    passed: results.every(({ passed }) => passed),
    results,
    coverage: coverageOf(release.policies, results),
  };
}

function runTest(release: LiveRelease, test: PolicyTest): TestResult {
  const { id, name, operation, expect: expected } = test;
  const asked = questionOf(test, release);
  if ('problem' in asked)
    return { id, name, operation, passed: false, expected, actual: null, differences: [asked.problem] };
  const judgement = judge(release, asked.question);
  const { decision, reason, policies } = judgement;
  const actual = { decision, reason, policies, obligations: namedObligations(judgement) };
  const differences = differencesOf(expected, actual);
  return { id, name, operation, passed: differences.length === 0, expected, actual, differences };
}

function differencesOf(
  expected: PolicyExpectation,
  { decision, reason, policies, obligations }: ActualAnswer,
): readonly string[] {
  const found: string[] = [];
  const compare = (what: string, wanted: readonly string[], got: readonly string[]): void => {
    if (wanted.toSorted().join(' ') === got.toSorted().join(' ')) return;
    found.push(`${what}: expected ${wanted.join(', ') || 'none'}, got ${got.join(', ') || 'none'}`);
  };
  if (decision !== expected.decision) {
    const because = reason === null ? '' : ` (${reason})`;
    found.push(`decision: expected ${expected.decision}, got ${decision}${because}`);
  }
  if (expected.policies !== undefined) compare('policies', [...new Set(expected.policies)], policies);
  const demanded = new Map<string, Named>(Object.entries(obligations));
  for (const [name, wanted] of Object.entries(expected.obligations ?? {}))
    compare(name, valuesOf(wanted), valuesOf(demanded.get(name)));
  return found;
}

type Named = string | number | readonly string[];

/** An annotation's value: one, or several in any order. */
function valuesOf(value: Named | undefined): readonly string[] {
  if (typeof value === 'object') return value;
  return value === undefined ? [] : `${value}`.split(' ');
}
