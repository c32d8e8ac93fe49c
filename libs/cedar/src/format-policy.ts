import type { PolicyProblem } from '#core';
import { problemsOf } from './cedar-problem.ts';
import { formatPolicies } from './engine.ts';
import { NO_CATALOG, parsePolicy } from './parse-policy.ts';
import { policyPieces } from './split-policies.ts';
import { positionOf, type TextPosition } from './text-position.ts';

/** A problem of a text that has no id. */
export type TextProblem = Omit<PolicyProblem, 'policy'>;

/**
 * A text of one policy, or of a file of them, laid out as Cedar has it: lines of 80 columns, indented by two. Comments
 * stay where they are; formatting twice changes nothing more. Names are not looked up.
 *
 * Out   the formatted text, or every problem that keeps it from being read, by its place in the whole text
 */
export function formatPolicy(cedar: string): { cedar: string } | { problems: readonly TextProblem[] } {
  const problems = policyPieces(cedar).flatMap(({ text, at }) => {
    // Each piece is held to the limits before the engine sees any of it.
    const parsed = parsePolicy({ id: 'policy', cedar: text });
    return 'json' in parsed ? [] : parsed.problems.map((problem) => inFile(problem, positionOf(cedar, at)));
  });
  if (problems.length > 0) return { problems };
  const answer = formatPolicies({ policyText: cedar, lineWidth: 80, indentWidth: 2 });
  if (answer.type === 'success') return { cedar: answer.formatted_policy.trimStart() };
  const source = { id: 'policy', cedar };
  return {
    problems: answer.errors.flatMap((error) => problemsOf(error, source, NO_CATALOG)).map(withoutPolicy),
  };
}

function inFile(problem: PolicyProblem, start: TextPosition): TextProblem {
  return {
    ...withoutPolicy(problem),
    line: start.line + problem.line - 1,
    column: problem.line === 1 ? start.column + problem.column - 1 : problem.column,
  };
}

function withoutPolicy({ message, line, column, suggestion }: PolicyProblem): TextProblem {
  return { message, line, column, suggestion };
}
