import type { Finding, LintedPolicy, LintedRelease } from './lint-rule.ts';

/**
 * Policies that no test shows permitted, or denied. Tests are looked at here, not run: one that expects the decision
 * of an operation in the policy's scope, and does not say that other policies make it, will do.
 */
export function lintTests(policy: LintedPolicy, { tests }: LintedRelease): readonly Finding[] {
  const { source, json, operations, head } = policy;
  if (tests === null || operations.length === 0) return [];
  const about = tests.filter(({ operation }) => operations.includes(operation));
  const expects = (decision: 'permit' | 'deny'): boolean =>
    about.some(({ expect }) => {
      // A decision of the policy's own kind has to be its doing; of the other kind, it cannot be.
      const isOwn = (decision === 'permit') === (json.effect === 'permit');
      return (
        expect.decision === decision &&
        (!isOwn || expect.policies === undefined || expect.policies.includes(source.id))
      );
    });
  const at = head.principal.from;
  const findings: Finding[] = [];
  if (!expects('permit')) {
    const message = 'no test expects that an operation in its scope is permitted';
    findings.push({ rule: 'missing-test', message, at });
  }
  if (!expects('deny')) {
    const message = 'no test expects that an operation in its scope is denied';
    findings.push({ rule: 'missing-negative-test', message, at });
  }
  return findings;
}
