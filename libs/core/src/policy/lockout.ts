import { judge } from './judge.ts';
import type { PolicyRequest } from './policy-request.ts';
import type { LiveRelease } from './release.ts';

/**
 * Would somebody still be able to administer? True when at least one of the people may do every one of the
 * operations: a right that two people only have together is no way back.
 *
 * In   candidate   the release that would become live
 *      questions   one for each person who holds a role now, as they would ask at best; their action does not matter
 *      operations  catalog operations without which nothing can be put right
 */
export function keepsAdministration(
  candidate: LiveRelease,
  questions: readonly PolicyRequest[],
  operations: readonly string[],
): boolean {
  return questions.some((question) =>
    operations.every((action) => judge(candidate, { ...question, action }).decision === 'permit'),
  );
}
