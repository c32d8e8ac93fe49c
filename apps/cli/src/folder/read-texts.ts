import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const OTHERS: readonly string[] = ['catalog.yaml', 'tests.yaml'];

/** The texts of the files that make a release, by name; none where there is no folder. */
export async function readTexts(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const ours = names.filter((name) => name.endsWith('.cedar') || OTHERS.includes(name)).toSorted();
  const texts = ours.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
  return new Map(await Promise.all(texts));
}

/** Writes files by name, and takes those away whose text is null. */
export async function writeTexts(folder: string, changes: ReadonlyMap<string, string | null>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of changes) {
    if (text === null) await rm(join(folder, name));
    else await writeFile(join(folder, name), text);
  }
}
