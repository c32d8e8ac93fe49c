import { importOpenApi, isJsonObject, type CatalogOperation, type JsonObject } from '#core';
import { readInput } from '../calling/read-input.ts';
import { EXIT, Failure } from '../failure.ts';
import { SeedSource, type SeedProblem } from '../seed/seed-source.ts';

/** What an OpenAPI document says of an API. */
export interface DescribedApi {
  /** Registration id of the resource server. */
  readonly id: string;
  readonly document: JsonObject;
  /** At least one, sorted by id. */
  readonly operations: readonly CatalogOperation[];
}

/** What the admin API takes. */
const MAX_BYTES = 1_000_000;

const ID = /^[a-z][a-z0-9-]{0,59}$/;

/**
 * Reads an OpenAPI document, YAML or JSON.
 *
 * In     id        of the resource server; absent: made of the title, `Orders API` is `orders`
 *        resource  its identifier
 * Fails  Failure when the file cannot be read, is too long, or names no operation
 */
export async function describedApi(
  file: string,
  { id: chosen, resource }: { id: string | undefined; resource: string },
): Promise<DescribedApi | { problems: readonly SeedProblem[] }> {
  const bytes = await readInput(file);
  if (bytes.length > MAX_BYTES) {
    throw new Failure(
      `${file} is longer than ${MAX_BYTES} bytes; paths, operationId, tags and servers are all of it that is needed`,
      EXIT.usage,
    );
  }
  const source = sourceOf(file, new TextDecoder().decode(bytes));
  if (source.problems.length > 0) return { problems: source.problems };
  const { value } = source;
  if (!isJsonObject(value)) throw new Failure(`${file} holds no object`, EXIT.usage);
  const id = chosen ?? idOf(value['info']);
  if (id === null || !ID.test(id)) {
    throw new Failure(
      '--id names the API in a word: lower-case letters, digits and -, at most 60',
      EXIT.usage,
    );
  }
  const imported = importOpenApi(value, { api: id, resource });
  if ('problems' in imported) {
    return { problems: imported.problems.map(({ pointer, message }) => source.problem(pointer, message)) };
  }
  if (imported.operations.length === 0)
    return { problems: [source.problem('#/paths', 'has no operation: there is nothing to protect')] };
  return { id, document: value, operations: imported.operations };
}

function sourceOf(file: string, text: string): SeedSource {
  try {
    return new SeedSource(file, text);
  } catch (cause) {
    // Brackets within brackets, deeper than the parser's stack.
    throw new Failure(`${file} cannot be read`, EXIT.usage, { cause });
  }
}

function idOf(info: unknown): string | null {
  const title = isJsonObject(info) ? info['title'] : null;
  if (typeof title !== 'string' || title.length > 200) return null;
  const slug = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return slug.replace(/^-+/, '').replace(/-*(?:api-*)?$/, '');
}
