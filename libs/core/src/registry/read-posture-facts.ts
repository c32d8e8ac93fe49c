import type { JsonObject } from '../shared/strict-json.ts';

const MAX_FACTS = 64;
const NAME = /^[a-z][a-z0-9_]{0,63}$/;

export interface PostureFactProblem {
  /** Null: all of them together. */
  readonly fact: string | null;
  readonly detail: string;
}

/** Names and truths, and nothing that could be taken for one. */
export function readPostureFacts(
  written: JsonObject,
): { facts: Readonly<Record<string, boolean>> } | { problems: readonly PostureFactProblem[] } {
  const facts: Record<string, boolean> = {};
  const problems: PostureFactProblem[] = [];
  for (const [fact, value] of Object.entries(written)) {
    if (!NAME.test(fact)) problems.push({ fact, detail: `must be called like ${NAME.source}` });
    else if (typeof value !== 'boolean') problems.push({ fact, detail: 'must be true or false' });
    else facts[fact] = value;
  }
  if (Object.keys(written).length > MAX_FACTS) {
    problems.push({ fact: null, detail: `must be at most ${MAX_FACTS} facts` });
  }
  return problems.length > 0 ? { problems } : { facts };
}
