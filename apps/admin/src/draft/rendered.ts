import { detailsOfPolicies, type PolicyProblem, type PolicyWarning, type ProblemDetail } from '#core';

export interface RenderedWarning {
  readonly policy: string;
  readonly rule: string;
  readonly detail: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a draft as a whole, and what may not be meant, as answers have it. */
export function renderFindings(
  problems: readonly PolicyProblem[],
  warnings: readonly PolicyWarning[],
): { readonly problems: readonly ProblemDetail[]; readonly warnings: readonly RenderedWarning[] } {
  return {
    problems: detailsOfPolicies(problems),
    warnings: warnings.map(({ policy, rule, message, line, column }) => ({
      policy,
      rule,
      detail: message,
      line,
      column,
    })),
  };
}
