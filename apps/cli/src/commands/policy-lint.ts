import { lintRelease } from '#cedar';
import { EXIT } from '../failure.ts';
import { compileFolder } from '../policies/compile-folder.ts';
import { tellProblems } from '../policies/tell-problems.ts';
import { formatProblem, type SeedProblem } from '../seed/seed-source.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Tells what is wrong with a folder, and what is allowed and may not be meant, offline. Out: 1 when something is wrong,
 * with `denyWarnings` also when something may not be meant.
 */
export async function policyLint(
  terminal: Terminal,
  folder: string,
  { denyWarnings, json }: { denyWarnings?: boolean; json?: boolean },
): Promise<number> {
  const compiled = await compileFolder(folder);
  if ('problems' in compiled) return tellProblems(terminal, compiled.problems, json);
  const warnings = lintRelease(compiled.document).map(
    ({ rule, ...warning }): SeedProblem & { rule: string } => ({
      ...compiled.policies.problem({ ...warning, suggestion: null }, folder),
      rule,
    }),
  );
  if (json === true) terminal.print(JSON.stringify({ problems: [], warnings }));
  else {
    for (const warning of warnings)
      terminal.print(`${terminal.colours.yellow(formatProblem(warning))} [${warning.rule}]`);
    const count = compiled.document.policies.length;
    terminal.remark(`${count} policies, ${warnings.length === 0 ? 'no' : warnings.length} warnings`);
  }
  return denyWarnings === true && warnings.length > 0 ? EXIT.refused : EXIT.done;
}
