import type { CatalogOperation } from '../operation/catalog.ts';
import { readPathTemplate } from '../operation/path-template.ts';
import { catalogProblems } from '../policy/catalog-problems.ts';
import type { DocumentProblem } from '../registry/documents.ts';
import { basePathOf, prefixBelow } from './base-path.ts';
import { ImportProblems } from './import-problem.ts';
import { nameOfRequest, operationIdOf, parameterNameOf, tagOf } from './names.ts';
import { readOpenApi, type DescribedOperation } from './read-openapi.ts';

export interface OpenApiTarget {
  /** Registration id of the resource server, and the beginning of each operation's id. */
  readonly api: string;
  /** The resource server's identifier, which catalog paths are below; null when it is not registered. */
  readonly resource: string | null;
}

export type ImportedOperations =
  { readonly operations: readonly CatalogOperation[] } | { readonly problems: readonly DocumentProblem[] };

/**
 * An OpenAPI 3.0 or 3.1 document as operations of the catalog. Ids are those of the document below the API's, or made
 * of method and path; names of path parameters and tags are spelt as the catalog has them. What the catalog cannot say
 * is a problem, since an operation that is left out in silence is one that nobody decides on.
 *
 * In   document  parsed JSON, of bounded size
 * Out  the operations sorted by id, or all problems, as JSON pointers into the document
 */
export function importOpenApi(document: unknown, target: OpenApiTarget): ImportedOperations {
  const problems = new ImportProblems();
  const described = readOpenApi(document, problems);
  const read = described.map((one) => ({ one, operation: operationOf(one, target, problems) }));
  if (problems.found.length === 0) refuseUnfit(read, target, problems);
  if (problems.found.length > 0) return { problems: problems.found };
  return { operations: read.map(({ operation }) => operation).toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}

function operationOf(
  described: DescribedOperation,
  target: OpenApiTarget,
  problems: ImportProblems,
): CatalogOperation {
  const { pointer, method, path, operationId, tags, servers } = described;
  const below = path.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => `{${parameterNameOf(name)}}`);
  const catalogPath = `${prefixOf(servers, target, (message) => problems.refuse(pointer, message))}${below}`;
  if (readPathTemplate(catalogPath) === null)
    problems.refuse(
      pointer,
      `its path ${catalogPath} is no absolute path of literals and distinct {parameters}`,
    );
  return {
    id: operationIdOf(target.api, operationId ?? nameOfRequest(method, path)),
    method,
    path: catalogPath,
    tags: [...new Set(tags.flatMap((tag) => tagOf(tag) ?? []))].toSorted(),
  };
}

function prefixOf(
  servers: readonly unknown[],
  { api, resource }: OpenApiTarget,
  refuse: (message: string) => void,
): string {
  const [server] = servers;
  const basePath = server === undefined ? '' : basePathOf(server);
  if (basePath === null) {
    refuse('its server is no URL');
    return '';
  }
  const prefix = prefixBelow(basePath, resource);
  if (prefix !== null) return prefix;
  refuse(
    resource === null
      ? `its server has the path ${basePath}, and ${api} is not registered: nobody knows what it is below`
      : `its server has the path ${basePath}, which is not below ${resource}`,
  );
  return '';
}

/** What is wrong with them as a catalog, told at the places where they were described. */
function refuseUnfit(
  read: readonly { one: DescribedOperation; operation: CatalogOperation }[],
  { api }: OpenApiTarget,
  problems: ImportProblems,
): void {
  const found = catalogProblems([{ id: api, operations: read.map(({ operation }) => operation) }], {});
  for (const { pointer, message } of found) {
    const at = /^#\/apis\/0\/operations\/(\d+)\/(.*)$/.exec(pointer);
    const described = at === null ? undefined : read[Number(at[1])];
    if (described === undefined) problems.refuse('#', message);
    else problems.refuse(described.one.pointer, `its ${at?.[2]} ${message}`);
  }
}
