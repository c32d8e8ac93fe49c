import { REGISTRATION_RULES } from './registration-rules.ts';
import { RIGHT_RULES } from './right-rules.ts';
import type {
  Severity,
  StandingFinding,
  StandingInput,
  StandingReport,
  StandingRule,
} from './standing-report.ts';

/**
 * What a finding adds to the score. A critical one outweighs all the small ones that a well-kept installation has, so
 * that a limit on the score (`--fail-above`) can let those pass and stop at the others.
 */
export const SEVERITY_WEIGHTS: Readonly<Record<Severity, number>> = {
  low: 1,
  medium: 5,
  high: 25,
  critical: 100,
};

/** Every rule, by the name that its findings carry. */
export const STANDING_RULES: Readonly<Record<string, StandingRule>> = {
  ...REGISTRATION_RULES,
  ...RIGHT_RULES,
};

/** Everything that does not expire or is wider than it must be, and one number for it that can be held down. */
export function standingPrivilege(input: StandingInput): StandingReport {
  const findings = Object.entries(STANDING_RULES)
    .flatMap(([rule, find]) => find(input).map((finding): StandingFinding => ({ rule, ...finding })))
    .toSorted(bySeverity);
  return {
    score: findings.reduce((sum, { severity }) => sum + SEVERITY_WEIGHTS[severity], 0),
    findings,
  };
}

/** The most severe first; then by rule and subject, so that equal installations have equal reports. */
function bySeverity(a: StandingFinding, b: StandingFinding): number {
  const byWeight = SEVERITY_WEIGHTS[b.severity] - SEVERITY_WEIGHTS[a.severity];
  return byWeight || (`${a.rule} ${a.subject}` < `${b.rule} ${b.subject}` ? -1 : 1);
}
