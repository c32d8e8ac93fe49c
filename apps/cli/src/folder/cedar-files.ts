import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** The policy files of a folder, sorted. Fails  Failure when it cannot be read or has none */
export async function cedarFilesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new Failure(`the folder ${folder} cannot be read`, undefined, { cause });
  });
  const files = names.filter((name) => name.endsWith('.cedar')).map((name) => join(folder, name));
  if (files.length === 0) throw new Failure(`${folder} has no *.cedar file`);
  return files.toSorted();
}
