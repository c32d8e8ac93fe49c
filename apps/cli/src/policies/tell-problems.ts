import { EXIT, type ExitCode } from '../failure.ts';
import { formatProblem, type SeedProblem } from '../seed/seed-source.ts';
import type { Terminal } from '../terminal.ts';

/** Says what is wrong with files: a line each, or a list of objects with `json`. */
export function tellProblems(
  terminal: Terminal,
  problems: readonly SeedProblem[],
  json: boolean | undefined,
): ExitCode {
  if (json === true) terminal.print(JSON.stringify({ problems }));
  else for (const problem of problems) terminal.remark(terminal.colours.red(formatProblem(problem)));
  return EXIT.refused;
}
