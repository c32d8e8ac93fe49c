import { readFile, writeFile } from 'node:fs/promises';
import { formatPolicy } from '#cedar';
import { cedarFilesIn } from '../folder/cedar-files.ts';
import { EXIT } from '../failure.ts';
import { tellProblems } from '../policies/tell-problems.ts';
import type { SeedProblem } from '../seed/seed-source.ts';
import type { Terminal } from '../terminal.ts';

/** Lays out each `*.cedar` file of a folder; with `check`, only tells which ones it would change. */
export async function policyFmt(
  terminal: Terminal,
  folder: string,
  { check, json }: { check?: boolean; json?: boolean },
): Promise<number> {
  const problems: SeedProblem[] = [];
  const changed: { file: string; text: string }[] = [];
  for (const file of await cedarFilesIn(folder)) {
    const text = await readFile(file, 'utf8');
    const formatted = formatPolicy(text);
    if ('problems' in formatted) {
      problems.push(...formatted.problems.map((problem) => ({ ...problem, file, pointer: null })));
      continue;
    }
    const wanted = `${formatted.cedar.trimEnd()}\n`;
    if (wanted !== text) changed.push({ file, text: wanted });
  }
  if (problems.length > 0) return tellProblems(terminal, problems, json);
  if (check !== true) for (const { file, text } of changed) await writeFile(file, text);
  const files = changed.map(({ file }) => file);
  if (json === true) terminal.print(JSON.stringify({ changed: files }));
  else for (const file of files) terminal.print(file);
  return check === true && files.length > 0 ? EXIT.refused : EXIT.done;
}
