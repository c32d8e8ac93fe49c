import { splitPolicies, type FiledPolicy } from '#cedar';
import type { PolicyProblem, PolicySource } from '#core';
import type { PolicyFile } from '../seed/read-seed-folders.ts';
import type { SeedProblem } from '../seed/seed-source.ts';

/** The policies of files, and where each of them stands. */
export interface FiledPolicies {
  /** Sorted by id. */
  readonly sources: readonly PolicySource[];
  /** A problem of a policy at its place in a file, or in `elsewhere` when no file has the policy. */
  readonly problem: (problem: PolicyProblem, elsewhere: string) => SeedProblem;
}

/**
 * Takes files apart. The only policy of a file is the whole file, byte for byte, so that what is written from a
 * server is read again as it was.
 */
export function filedPolicies(
  files: readonly PolicyFile[],
): FiledPolicies | { problems: readonly SeedProblem[] } {
  const problems: SeedProblem[] = [];
  const filed = new Map<string, FiledPolicy>();
  for (const { file, text } of files) {
    const split = splitPolicies(text, file);
    if ('problems' in split) {
      problems.push(
        ...split.problems.map(({ line, column, message }) => ({
          file,
          pointer: null,
          line,
          column,
          message,
        })),
      );
      continue;
    }
    const [only, another] = split.policies;
    const whole = only !== undefined && another === undefined ? [{ ...only, cedar: text, line: 1 }] : null;
    for (const policy of whole ?? split.policies) {
      const earlier = filed.get(policy.id);
      if (earlier !== undefined) {
        const message = `@id("${policy.id}") is used already in ${earlier.file}:${earlier.line}`;
        problems.push({ file, pointer: null, line: policy.line, column: null, message });
      }
      filed.set(policy.id, policy);
    }
  }
  if (problems.length > 0) return { problems };
  const all = [...filed.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    sources: all.map(({ id, cedar }) => ({ id, cedar })),
    problem: (problem, elsewhere) => placed(problem, filed.get(problem.policy), elsewhere),
  };
}

/** Policies that no file has, such as those of the live release. */
export function unfiledPolicies(sources: readonly PolicySource[]): FiledPolicies {
  return { sources, problem: (problem, elsewhere) => placed(problem, undefined, elsewhere) };
}

function placed(
  { policy, message, line, column, suggestion }: PolicyProblem,
  filed: FiledPolicy | undefined,
  elsewhere: string,
): SeedProblem {
  const said = suggestion === null ? message : `${message} (${suggestion})`;
  return {
    file: filed?.file ?? elsewhere,
    pointer: filed === undefined ? policy : null,
    line: filed === undefined ? line : filed.line + line - 1,
    column,
    message: `${policy}: ${said}`,
  };
}
