import type { ProblemDetail } from '../errors/admin-problem.ts';
import type { PolicyProblem } from '../policy/release.ts';
import type { UntestedPolicy, TestReport } from '../policy/test-report.ts';
import type { DocumentProblem } from '../registry/documents.ts';

export function detailsOfPolicies(problems: readonly PolicyProblem[]): readonly ProblemDetail[] {
  return problems.map(({ message, ...place }) => ({ detail: message, ...place }));
}

/** `under`: pointer to where the document stands in the body. */
export function detailsOfDocument(
  problems: readonly DocumentProblem[],
  under = '#',
): readonly ProblemDetail[] {
  return problems.map(({ pointer, message }) => ({ detail: message, pointer: pointer.replace(/^#/, under) }));
}

export function detailsOfTests({ results }: Pick<TestReport, 'results'>): readonly ProblemDetail[] {
  return results
    .filter(({ passed }) => !passed)
    .map(({ id, name, differences }) => ({ detail: `${id} (${name}): ${differences.join('; ')}` }));
}

export function detailsOfUntested(policies: readonly UntestedPolicy[]): readonly ProblemDetail[] {
  return policies.map(({ policy, missing }) => ({
    detail: `has no ${missing.join(' and no ')} test that passes`,
    policy,
  }));
}
