import type { DocumentProblem, Read } from '#core';

/** What is wrong, where the document itself is of no interest. */
export function problemsIn(read: Read<unknown>): readonly DocumentProblem[] {
  return 'problems' in read ? read.problems : [];
}
