import { isJsonObject, type JsonObject } from '#core';
import { readInput } from '../calling/read-input.ts';
import { EXIT, Failure } from '../failure.ts';
import { formatProblem, SeedSource } from '../seed/seed-source.ts';

/**
 * A document of a file, YAML or JSON.
 *
 * Fails  Failure when the file cannot be read, or holds no object
 */
export async function readDocument(file: string): Promise<JsonObject> {
  const source = new SeedSource(file, new TextDecoder().decode(await readInput(file)));
  const [problem] = source.problems;
  if (problem !== undefined) throw new Failure(formatProblem(problem), EXIT.usage);
  if (!isJsonObject(source.value)) throw new Failure(`${file} holds no object`, EXIT.usage);
  return source.value;
}
