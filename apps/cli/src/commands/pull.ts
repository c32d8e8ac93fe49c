import { join } from 'node:path';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { releaseIn } from '../administration/read-release.ts';
import { EXIT, Failure } from '../failure.ts';
import { folderChanges } from '../folder/folder-files.ts';
import { readTexts, writeTexts } from '../folder/read-texts.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Writes the draft into a folder, so that applying the folder changes nothing. Files that say the same already stay
 * untouched; ones that say something else are replaced with `force` only.
 */
export async function pull(
  terminal: Terminal,
  folder: string,
  options: AdminOptions & { live?: boolean; force?: boolean },
): Promise<number> {
  const admin = await openAdmin(terminal, options);
  const { body } = await admin.get(options.live === true ? '/releases/live' : '/draft');
  const { changes, conflicts } = folderChanges(releaseIn(body), await readTexts(folder));
  if (conflicts.length > 0 && options.force !== true) {
    const lines = conflicts.map((file) => `\n  ${join(folder, file)}`);
    throw new Failure(`these files say something else; --force replaces them:${lines.join('')}`);
  }
  await writeTexts(folder, changes);
  const done = [...changes].map(([file, text]) => ({
    file: join(folder, file),
    removed: text === null,
  }));
  if (options.json === true) terminal.print(JSON.stringify({ changed: done }));
  else {
    for (const { file, removed } of done) terminal.print(removed ? `${file} removed` : file);
    if (done.length === 0) terminal.print(`${folder} is up to date`);
  }
  return EXIT.done;
}
