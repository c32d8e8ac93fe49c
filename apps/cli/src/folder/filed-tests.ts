import { readPolicyTest, type PolicyTest } from '#core';
import type { SeedProblem, SeedSource } from '../seed/seed-source.ts';

/** The tests of a `tests.yaml`, and where each of them stands. */
export interface FiledTests {
  readonly tests: readonly PolicyTest[];
  readonly problem: (testId: string, message: string) => SeedProblem;
}

/** Reads a list of policy tests; all that is wrong with any of them is told. */
export function filedTests(source: SeedSource): FiledTests | { problems: readonly SeedProblem[] } {
  if (!Array.isArray(source.value)) return { problems: [source.problem('#', 'must be a list of tests')] };
  const problems: SeedProblem[] = [];
  const tests: PolicyTest[] = [];
  const places = new Map<string, string>();
  for (const [at, value] of source.value.entries()) {
    const read = readPolicyTest(value);
    if ('problems' in read) {
      problems.push(
        ...read.problems.map(({ pointer, message }) => source.problem(`#/${at}${pointer.slice(1)}`, message)),
      );
      continue;
    }
    const { test } = read;
    if (places.has(test.id)) problems.push(source.problem(`#/${at}/id`, `"${test.id}" is used twice`));
    places.set(test.id, `#/${at}`);
    tests.push(test);
  }
  if (problems.length > 0) return { problems };
  return { tests, problem: (testId, message) => source.problem(places.get(testId) ?? '#', message) };
}
