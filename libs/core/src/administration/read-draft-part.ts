import { object, oneOf, problemsOf, text } from '../policy/document-shape.ts';
import type { ContextAttributeDocument, OperationDocument } from '../policy/draft.ts';
import { readCatalogDocument } from '../policy/read-catalog-document.ts';
import type { DocumentProblem } from '../registry/documents.ts';
import type { JsonObject } from '../shared/strict-json.ts';

type Problems = { readonly problems: readonly DocumentProblem[] };

/** Reads an operation on its own: `id`, `api`, `method`, `path`, and `tags`, which may be absent. */
export function readOperation(document: JsonObject): { operation: OperationDocument } | Problems {
  const { api, ...operation } = document;
  const read = readCatalogDocument({ apis: [{ id: api, operations: [operation] }] });
  if ('problems' in read) return { problems: read.problems.map(ofOperation) };
  const [only] = read.apis;
  const [found] = only?.operations ?? [];
  if (only === undefined || found === undefined) throw new Error('what was read is gone');
  return { operation: { ...found, api: only.id } };
}

/** Where a problem of a catalog stands in the operation that is its only one. */
function ofOperation({ pointer, message }: DocumentProblem): DocumentProblem {
  const own = pointer.replace(/^#\/apis\/0\/operations\/0/, '#').replace(/^#\/apis\/0\/id$/, '#/api');
  return { pointer: own, message };
}

const CONTEXT_ATTRIBUTE = object({
  name: text(/^[a-z][A-Za-z0-9_]{0,63}$/, 64),
  type: oneOf('String', 'Long', 'Bool'),
});

/** Reads a context attribute: `name` and `type`. */
export function readContextAttribute(
  document: JsonObject,
): { attribute: ContextAttributeDocument } | Problems {
  const problems = problemsOf(document, CONTEXT_ATTRIBUTE);
  return isContextAttribute(document, problems) ? { attribute: document } : { problems };
}

/** INVARIANT: what has the shape above without a problem has the type. */
function isContextAttribute(
  document: unknown,
  problems: readonly DocumentProblem[],
): document is ContextAttributeDocument {
  return problems.length === 0 && document !== null;
}
