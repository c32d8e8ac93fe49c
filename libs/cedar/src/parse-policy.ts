import type { PolicyProblem, PolicySource } from '#core';
import { problemsOf } from './cedar-problem.ts';
import { policyToJson, type PolicyJson } from './engine.ts';
import { depthProblem, limitProblem } from './policy-limits.ts';
import { Vocabulary } from './vocabulary.ts';

/** For texts that are read without a catalog: unknown names are then nobody's misspelling. */
export const NO_CATALOG = new Vocabulary([], {});

/**
 * The JSON form of exactly one policy without template slots, or why there is none. The engine sees no text beyond the
 * limits.
 */
export function parsePolicy(
  source: PolicySource,
  vocabulary: Vocabulary = NO_CATALOG,
): { json: PolicyJson } | { problems: readonly PolicyProblem[] } {
  const limit = limitProblem(source);
  if (limit !== null) return { problems: [limit] };
  const answer = policyToJson(source.cedar);
  if (answer.type === 'failure')
    return { problems: answer.errors.flatMap((error) => problemsOf(error, source, vocabulary)) };
  const depth = depthProblem(source, answer.json.conditions);
  return depth === null ? { json: answer.json } : { problems: [depth] };
}

/** As `parsePolicy`, for a text that has no id; null when it is no policy. */
export function parseText(cedar: string): PolicyJson | null {
  const parsed = parsePolicy({ id: 'policy', cedar });
  return 'json' in parsed ? parsed.json : null;
}
