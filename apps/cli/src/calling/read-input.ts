import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { EXIT, Failure } from '../failure.ts';

/**
 * The bytes of a file; `-` is standard input.
 *
 * Fails  Failure that names the file
 */
export async function readInput(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(file === '-' ? await buffer(process.stdin) : await readFile(file));
  } catch (cause) {
    throw new Failure(`${file} cannot be read`, EXIT.usage, { cause });
  }
}
