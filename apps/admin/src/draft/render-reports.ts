import {
  namedObligations,
  untested,
  type Explanation,
  type Judgement,
  type ReplayReport,
  type TestReport,
} from '#core';

/** Reports as answers have them. */
export function renderTests(report: TestReport): object {
  return {
    passed: report.passed,
    tests: report.results.map(({ id, name, passed, expected, actual, differences }) => ({
      id,
      name,
      passed,
      expected,
      actual,
      differences,
    })),
    coverage: report.coverage.map(({ policy, allowing, denying }) => ({ policy, allowing, denying })),
    untested: untested(report),
  };
}

export function renderReplay(report: ReplayReport, total: number): object {
  return {
    total,
    considered: report.considered,
    skipped: report.skipped,
    unchanged: report.unchanged,
    changed_obligations: report.changedObligations,
    newly_allowed: report.newlyAllowed,
    newly_denied: report.newlyDenied,
  };
}

export function renderSimulation(judgement: Judgement, { applied, almost }: Explanation): object {
  const { decision, reason, policies, ttlSeconds } = judgement;
  return {
    decision,
    reason,
    policies,
    obligations: namedObligations(judgement),
    ttl_seconds: decision === 'permit' ? ttlSeconds : null,
    applied,
    almost,
  };
}
