import { join } from 'node:path';
import type { ReleaseDocument } from '#core';
import { Failure } from '../failure.ts';
import { folderChanges } from '../folder/folder-files.ts';
import { readPolicyFolder } from '../folder/read-policy-folder.ts';
import { readTexts, writeTexts } from '../folder/read-texts.ts';
import type { SeedProblem } from '../seed/seed-source.ts';
import type { DescribedApi } from './described-api.ts';
import type { KeptFile } from './kept-files.ts';
import type { StarterPolicies } from './starter-policies.ts';
import { withStarter } from './with-starter.ts';

/** A folder of policies, and what is to be done to it; nothing has been done yet. */
export interface BegunPolicies {
  /** The API is new here, or everything is made anew. */
  readonly isMaking: boolean;
  /** What has been edited since: a line each. */
  readonly differences: readonly string[];
  readonly write: () => Promise<readonly KeptFile[]>;
}

/**
 * Begins an API in a folder of policies, beside whatever else is in force. Where it has been begun before, nothing is
 * made: what was edited or taken away stays so, unless `force`.
 *
 * In     draft  what is on the server; for a folder that is not there yet
 * Fails  Failure when files of the folder would have to say something else
 */
export async function beginPolicies(
  folder: string,
  { api, starter }: { api: DescribedApi; starter: StarterPolicies },
  { draft, force }: { draft: ReleaseDocument; force: boolean },
): Promise<BegunPolicies | { problems: readonly SeedProblem[] }> {
  const texts = await readTexts(folder);
  const read = texts.size === 0 ? { document: draft } : await readPolicyFolder(folder);
  if ('problems' in read) return read;
  const { isFirst, anew, differences } = withStarter(read.document, api, starter);
  const isMaking = isFirst || force;
  const { changes, conflicts } = folderChanges(isMaking ? anew : read.document, texts);
  if (conflicts.length > 0 && !force) {
    const lines = conflicts.map((file) => `\n  ${join(folder, file)}`);
    throw new Failure(`these files say something else; --force replaces them:${lines.join('')}`);
  }
  const names = [...new Set([...texts.keys(), ...changes.keys()])].toSorted();
  return {
    isMaking,
    differences: force ? [] : differences,
    write: async () => {
      await writeTexts(folder, changes);
      return names.map((name) => {
        const change = changes.get(name);
        const state = change === undefined ? 'unchanged' : change === null ? 'removed' : 'written';
        return { file: join(folder, name), state };
      });
    },
  };
}
