import type { JudgedReason } from './judge.ts';
import type { NamedObligations, PolicyExpectation } from './policy-test.ts';

/** Which tests show what a policy does. Only tests that pass count. */
export interface PolicyCoverage {
  readonly policy: string;
  /** Ids of tests of a permit that it decided; for a forbid, of tests in its scope that were permitted. */
  readonly allowing: readonly string[];
  /** Ids of tests in its scope that a permit did not match and that were denied; for a forbid, that it decided. */
  readonly denying: readonly string[];
  /** It decided in at least one test. */
  readonly decided: boolean;
}

export interface ActualAnswer {
  readonly decision: 'permit' | 'deny';
  readonly reason: JudgedReason | null;
  readonly policies: readonly string[];
  readonly obligations: NamedObligations;
}

export interface TestResult {
  readonly id: string;
  readonly name: string;
  readonly passed: boolean;
  readonly operation: string;
  readonly expected: PolicyExpectation;
  /** Null: nobody can make such a request, and the one difference says why. */
  readonly actual: ActualAnswer | null;
  /** One sentence each. Empty: passed. */
  readonly differences: readonly string[];
}

export interface TestReport {
  /** None is red. */
  readonly passed: boolean;
  readonly results: readonly TestResult[];
  /** Of each policy of the release. */
  readonly coverage: readonly PolicyCoverage[];
}

export interface UntestedPolicy {
  readonly policy: string;
  readonly missing: readonly ('allowing' | 'denying')[];
}
