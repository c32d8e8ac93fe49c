import type { PolicySummary } from './policy-summary.ts';
import type { PolicyCoverage, TestReport, TestResult, UntestedPolicy } from './test-report.ts';

type Answered = Pick<TestResult, 'id' | 'operation' | 'passed' | 'actual'>;

export function coverageOf(
  policies: readonly PolicySummary[],
  results: readonly Answered[],
): readonly PolicyCoverage[] {
  return policies.map(({ id: policy, effect, operations }) => {
    const scope = new Set(operations);
    const permitted: Answered[] = [];
    const denied: Answered[] = [];
    for (const result of results) {
      if (result.passed && scope.has(result.operation))
        (result.actual?.decision === 'permit' ? permitted : denied).push(result);
    }
    const decides = ({ actual }: Answered): boolean => actual?.policies.includes(policy) === true;
    const allowing = effect === 'permit' ? permitted.filter(decides) : permitted;
    const denying = denied.filter((result) => decides(result) === (effect === 'forbid'));
    return { policy, allowing: idsOf(allowing), denying: idsOf(denying), decided: results.some(decides) };
  });
}

function idsOf(results: readonly Answered[]): readonly string[] {
  return results.map(({ id }) => id);
}

/** The policies that lack an allowing or a denying case. */
export function untested({ coverage }: Pick<TestReport, 'coverage'>): readonly UntestedPolicy[] {
  return coverage
    .map((covered) => ({
      policy: covered.policy,
      missing: (['allowing', 'denying'] as const).filter((side) => covered[side].length === 0),
    }))
    .filter(({ missing }) => missing.length > 0);
}
