import { CedarCompiler } from '#cedar';
import type { LiveRelease } from '#core';
import { readPolicyFolder, type PolicyFolder } from '../folder/read-policy-folder.ts';
import type { SeedProblem } from '../seed/seed-source.ts';

/** A folder whose policies compile. */
export interface CompiledFolder extends PolicyFolder {
  readonly release: LiveRelease;
}

export async function compileFolder(
  folder: string,
): Promise<CompiledFolder | { problems: readonly SeedProblem[] }> {
  const read = await readPolicyFolder(folder);
  if ('problems' in read) return read;
  const compiled = new CedarCompiler().compile(1, read.document);
  if (!('problems' in compiled)) return { ...read, release: compiled.release };
  const elsewhere = `${folder}/catalog.yaml`;
  return { problems: compiled.problems.map((problem) => read.policies.problem(problem, elsewhere)) };
}
