import { METHODS } from '../operation/http-operation.ts';
import { isJsonObject, type JsonObject } from '../shared/strict-json.ts';
import { pointerTo, type ImportProblems } from './import-problem.ts';

/** One operation as an OpenAPI document has it, and where it stands. */
export interface DescribedOperation {
  readonly pointer: string;
  readonly method: string;
  readonly path: string;
  readonly operationId: string | null;
  readonly tags: readonly string[];
  /** The servers that hold for it: its own, its path's or the document's. */
  readonly servers: readonly unknown[];
}

/** More than a catalog can hold. */
const OPENAPI_CAPS = { operations: 1000, tags: 16 };

/** Longest name that is looked at; those of a catalog are shorter. */
const MAX_NAME_CHARS = 512;

const VERSION = /^3\.[01]\.\d{1,3}$/;

/** The operations of an OpenAPI 3.0 or 3.1 document; members that say nothing about which requests exist are passed over. */
export function readOpenApi(document: unknown, problems: ImportProblems): readonly DescribedOperation[] {
  if (!isJsonObject(document)) {
    problems.refuse('#', 'must be an OpenAPI document: a JSON object');
    return [];
  }
  const { openapi, paths } = document;
  if (typeof openapi !== 'string' || !VERSION.test(openapi))
    problems.refuse('#/openapi', 'must be a version that can be read here: 3.0.x or 3.1.x');
  if (!isJsonObject(paths)) {
    problems.refuse('#/paths', 'must be an object');
    return [];
  }
  const described: DescribedOperation[] = [];
  for (const [path, value] of Object.entries(paths)) {
    if (path.startsWith('x-')) continue;
    if (path.length > MAX_NAME_CHARS) {
      problems.refuse('#/paths', `must have paths of at most ${MAX_NAME_CHARS} characters`);
      continue;
    }
    const item = resolved(document, { value, pointer: pointerTo('paths', path) }, problems);
    if (item !== null) described.push(...operationsOf(path, { item, document }, problems));
    if (described.length > OPENAPI_CAPS.operations) {
      problems.refuse('#/paths', `must have at most ${OPENAPI_CAPS.operations} operations in all`);
      return [];
    }
  }
  return described;
}

/** A path item, or the one of this document that it refers to. */
function resolved(
  document: JsonObject,
  { value, pointer }: { value: unknown; pointer: string },
  problems: ImportProblems,
): JsonObject | null {
  if (!isJsonObject(value)) {
    problems.refuse(pointer, 'must be an object');
    return null;
  }
  const reference = value['$ref'];
  if (reference === undefined) return value;
  const name =
    typeof reference === 'string' ? /^#\/components\/pathItems\/([^/]+)$/.exec(reference)?.[1] : null;
  const components = isJsonObject(document['components']) ? document['components'] : {};
  const items = isJsonObject(components['pathItems']) ? components['pathItems'] : {};
  const item = typeof name === 'string' && Object.hasOwn(items, name) ? items[name] : null;
  if (isJsonObject(item) && item['$ref'] === undefined) return item;
  problems.refuse(`${pointer}/$ref`, 'must be a path item of this document');
  return null;
}

/** Members of a path item that are no operations. */
const NO_OPERATIONS = new Set(['summary', 'description', 'servers', 'parameters', '$ref']);

function operationsOf(
  path: string,
  { item, document }: { item: JsonObject; document: JsonObject },
  problems: ImportProblems,
): readonly DescribedOperation[] {
  return Object.entries(item).flatMap(([member, value]) => {
    if (member.startsWith('x-') || NO_OPERATIONS.has(member)) return [];
    const pointer = pointerTo('paths', path, member);
    const method = member.toUpperCase();
    if (member !== member.toLowerCase() || !METHODS.has(method)) {
      problems.refuse(pointer, `is no method that an operation can have: ${[...METHODS].join(', ')}`);
      return [];
    }
    if (!isJsonObject(value)) {
      problems.refuse(pointer, 'must be an object');
      return [];
    }
    const { operationId = null } = value;
    if (operationId !== null && !isName(operationId))
      problems.refuse(`${pointer}/operationId`, `must be a string of at most ${MAX_NAME_CHARS} characters`);
    return [
      {
        pointer,
        method,
        path,
        operationId: isName(operationId) ? operationId : null,
        tags: tagsOf(value['tags'], `${pointer}/tags`, problems),
        servers: [value, item, document].flatMap(serversOf).slice(0, 1),
      },
    ];
  });
}

/** The first of each level's servers: that is the one which clients take when nobody chooses. */
function serversOf({ servers }: JsonObject): readonly unknown[] {
  return Array.isArray(servers) ? servers.slice(0, 1) : [];
}

function tagsOf(value: unknown, pointer: string, problems: ImportProblems): readonly string[] {
  if (value === undefined) return [];
  const tags: readonly unknown[] = Array.isArray(value) ? value : [];
  const texts = tags.filter(isName);
  if (!Array.isArray(value) || texts.length !== tags.length || texts.length > OPENAPI_CAPS.tags)
    problems.refuse(pointer, `must be a list of at most ${OPENAPI_CAPS.tags} strings`);
  return texts.slice(0, OPENAPI_CAPS.tags);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_NAME_CHARS;
}
