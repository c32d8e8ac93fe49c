import { untested, type TestReport } from '#core';

/** A report made here, with the members that the admin API gives its own. */
export function testReportDocument(report: TestReport): Readonly<Record<string, unknown>> {
  return {
    passed: report.passed,
    tests: report.results.map(({ operation: _operation, ...test }) => test),
    coverage: report.coverage.map(({ policy, allowing, denying }) => ({ policy, allowing, denying })),
    untested: untested(report),
  };
}
