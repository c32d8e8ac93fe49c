import { cedarSchemaOf } from './cedar-schema.ts';
import { readCatalogDocument } from './read-catalog-document.ts';

/**
 * The Cedar schema of a parsed `catalog.yaml`, for the reference and for editors.
 *
 * Fails  Error that names each problem of the catalog
 */
export function renderPolicySchema(catalogDocument: unknown): string {
  const read = readCatalogDocument(catalogDocument);
  if ('problems' in read) {
    const list = read.problems.map(({ pointer, message }) => `${pointer} ${message}`);
    throw new Error(`the catalog cannot be read: ${list.join('; ')}`);
  }
  return cedarSchemaOf(read.apis, read.claimed);
}
