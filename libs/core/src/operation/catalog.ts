import { matchPath, readPathTemplate, type PathTemplate } from './path-template.ts';

/** A named operation of an API, as registered. */
export interface CatalogOperation {
  /** Unique in the release: `orders.refund`. */
  readonly id: string;
  readonly method: string;
  /** Below the resource server's identifier: `/orders/{id}/refund`. */
  readonly path: string;
  readonly tags: readonly string[];
}

/** `orders.refund`. No colon: names of action groups have one, and an operation must never pass for a group. */
export const OPERATION_ID = /^[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/;

export function isOperationId(text: string): boolean {
  return text.length <= 128 && OPERATION_ID.test(text);
}

/** The operations of one resource server, which policies call `Api::"<id>"`. */
export interface CatalogApi {
  /** Registration id of the resource server: `orders`. */
  readonly id: string;
  readonly operations: readonly CatalogOperation[];
}

export interface MatchedOperation {
  readonly operation: CatalogOperation;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the operation that a request is, in the catalog of one release. */
export interface Catalog {
  readonly apis: readonly CatalogApi[];
  /** `path` is the canonical path below the resource server's identifier, with its leading slash. */
  match(apiId: string, method: string, path: string): MatchedOperation | null;
}

type Entry = { operation: CatalogOperation; template: PathTemplate };

/**
 * Compiles a catalog. Among templates that match, the one with the earliest literal wins, so that `/orders/new`
 * is never taken for `/orders/{id}`.
 *
 * Fails  Error when a template cannot be read or an id is used twice
 */
export function compileCatalog(apis: readonly CatalogApi[]): Catalog {
  const entries = new Map<string, Entry[]>();
  const ids = new Set<string>();
  for (const api of apis) {
    for (const operation of api.operations) {
      const template = readPathTemplate(operation.path);
      if (template === null)
        throw new Error(`operation ${operation.id}: bad path template ${operation.path}`);
      if (ids.has(operation.id)) throw new Error(`operation ${operation.id} is in the catalog twice`);
      ids.add(operation.id);
      const key = `${api.id} ${operation.method}`;
      entries.set(key, [...(entries.get(key) ?? []), { operation, template }]);
    }
  }
  for (const list of entries.values()) list.sort((a, b) => shapeOf(a).localeCompare(shapeOf(b), 'en'));
  return {
    apis,
    match(apiId, method, path) {
      for (const { operation, template } of entries.get(`${apiId} ${method}`) ?? []) {
        const parameters = matchPath(template, path);
        if (parameters !== null) return { operation, parameters };
      }
      return null;
    },
  };
}

/** `0` for a literal, `1` for a parameter: sorts the more literal template first. */
function shapeOf({ template }: Entry): string {
  return template.segments.map((segment) => ('literal' in segment ? '0' : '1')).join('');
}
