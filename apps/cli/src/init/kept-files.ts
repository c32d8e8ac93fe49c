import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What became of a file. */
export interface KeptFile {
  readonly file: string;
  readonly state: 'written' | 'removed' | 'unchanged' | 'differs';
}

/**
 * Writes files below a folder. One that says something else is somebody's work, and stays unless `force`; one that
 * says the same is left alone.
 */
export async function keepFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  force: boolean,
): Promise<readonly KeptFile[]> {
  const kept: KeptFile[] = [];
  for (const [name, text] of files) {
    const file = join(folder, name);
    const present = await textOf(file);
    const isToWrite = present === null || (force && present !== text);
    if (isToWrite) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: present === null ? 'wx' : 'w' });
    }
    kept.push({ file, state: isToWrite ? 'written' : present === text ? 'unchanged' : 'differs' });
  }
  return kept;
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
