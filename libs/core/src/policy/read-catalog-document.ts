import type { CatalogApi, CatalogOperation } from '../operation/catalog.ts';
import type { DocumentProblem } from '../registry/documents.ts';
import { isJsonObject, type JsonObject } from '../shared/strict-json.ts';
import { catalogProblems } from './catalog-problems.ts';
import type { ClaimedType } from './policy-request.ts';

export interface CatalogDocument {
  readonly apis: readonly CatalogApi[];
  readonly claimed: Readonly<Record<string, ClaimedType>>;
}

const CLAIMED_TYPES: readonly ClaimedType[] = ['String', 'Long', 'Bool'];

type Refuse = (pointer: string, message: string) => void;

/**
 * Reads a catalog as `catalog.yaml`, a request body or the database holds it:
 * `{ apis: [{ id, operations: [{ id, method, path, tags? }] }], claimed?: { name: String | Long | Bool } }`.
 * The schema is closed; all problems are told at once.
 */
export function readCatalogDocument(
  value: unknown,
): CatalogDocument | { problems: readonly DocumentProblem[] } {
  const problems: DocumentProblem[] = [];
  const refuse: Refuse = (pointer, message) => problems.push({ pointer, message });
  const document = readObject(value, ['apis', 'claimed'], { pointer: '#', refuse });
  const apis = readList(document['apis'], '#/apis', refuse).map((api, at) => readApi(api, at, refuse));
  const claimed = readClaimed(document['claimed'], refuse);
  if (problems.length === 0) problems.push(...catalogProblems(apis, claimed));
  return problems.length === 0 ? { apis, claimed } : { problems };
}

function readApi(value: unknown, at: number, refuse: Refuse): CatalogApi {
  const pointer = `#/apis/${at}`;
  const api = readObject(value, ['id', 'operations'], { pointer, refuse });
  return {
    id: readText(api['id'], `${pointer}/id`, refuse),
    operations: readList(api['operations'], `${pointer}/operations`, refuse).map((operation, index) =>
      readOperation(operation, `${pointer}/operations/${index}`, refuse),
    ),
  };
}

function readOperation(value: unknown, pointer: string, refuse: Refuse): CatalogOperation {
  const operation = readObject(value, ['id', 'method', 'path', 'tags'], { pointer, refuse });
  return {
    id: readText(operation['id'], `${pointer}/id`, refuse),
    method: readText(operation['method'], `${pointer}/method`, refuse),
    path: readText(operation['path'], `${pointer}/path`, refuse),
    tags: readList(operation['tags'] ?? [], `${pointer}/tags`, refuse).map((tag, at) =>
      readText(tag, `${pointer}/tags/${at}`, refuse),
    ),
  };
}

function readClaimed(value: unknown, refuse: Refuse): Readonly<Record<string, ClaimedType>> {
  if (value === undefined) return {};
  if (!isJsonObject(value)) {
    refuse('#/claimed', 'must be an object');
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, type]) => {
      const known = CLAIMED_TYPES.find((one) => one === type);
      if (known === undefined) refuse(`#/claimed/${name}`, `must be one of ${CLAIMED_TYPES.join(', ')}`);
      return known === undefined ? [] : [[name, known]];
    }),
  );
}

function readObject(
  value: unknown,
  members: readonly string[],
  { pointer, refuse }: { pointer: string; refuse: Refuse },
): JsonObject {
  if (!isJsonObject(value)) {
    refuse(pointer, 'must be an object');
    return {};
  }
  for (const member of Object.keys(value)) {
    if (!members.includes(member)) refuse(`${pointer}/${member}`, 'is not a member of this document');
  }
  return value;
}

/** Longest list that is looked at; the catalog's own caps are tighter. */
const MAX_ITEMS = 10_000;

function readList(value: unknown, pointer: string, refuse: Refuse): readonly unknown[] {
  if (Array.isArray(value) && value.length <= MAX_ITEMS) return value;
  refuse(pointer, 'must be a list');
  return [];
}

function readText(value: unknown, pointer: string, refuse: Refuse): string {
  if (typeof value === 'string' && value.length <= 512) return value;
  refuse(pointer, 'must be a string of at most 512 characters');
  return '';
}
