import { ADMIN_API_ID } from '../administration/admin-catalog.ts';
import { isOperationId, OPERATION_ID, type CatalogApi, type CatalogOperation } from '../operation/catalog.ts';
import { METHODS } from '../operation/http-operation.ts';
import { readPathTemplate, type PathTemplate } from '../operation/path-template.ts';
import { canonicalTargetUri } from '../operation/target-uri.ts';
import type { DocumentProblem } from '../registry/documents.ts';
import { REGISTRATION_ID } from '../registry/document-reader.ts';
import type { ClaimedType } from './policy-request.ts';

/** More than an honest catalog has; policies are validated once per operation. */
export const CATALOG_CAPS = { apis: 200, operations: 1000, tags: 16, claimed: 64 };

const TAG = /^[a-z][a-z0-9-]{0,31}$/;
const CLAIMED_NAME = /^[a-z][A-Za-z0-9_]{0,63}$/;

type Refuse = (pointer: string, message: string) => void;

/** Operations of the admin API are called so. Future versions have more of them, which no catalog may have taken. */
const ADMIN_OPERATION = /^admin\./;

/**
 * Everything that is wrong with a catalog, as JSON pointers into its document. Empty: it can be compiled.
 *
 * In   a catalog as it is written, without the admin API that `administered` adds
 */
export function catalogProblems(
  apis: readonly CatalogApi[],
  claimed: Readonly<Record<string, ClaimedType>>,
): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const refuse: Refuse = (pointer, message) => problems.push({ pointer, message });
  const apiIds = new Set<string>();
  const operationIds = new Set<string>();

  if (apis.length > CATALOG_CAPS.apis) refuse('#/apis', `must be at most ${CATALOG_CAPS.apis}`);
  if (apis.reduce((sum, api) => sum + api.operations.length, 0) > CATALOG_CAPS.operations)
    refuse('#/apis', `must have at most ${CATALOG_CAPS.operations} operations in all`);
  for (const [at, api] of apis.entries()) {
    const pointer = `#/apis/${at}`;
    if (!REGISTRATION_ID.test(api.id))
      refuse(`${pointer}/id`, `must be a string like ${REGISTRATION_ID.source}`);
    if (api.id === ADMIN_API_ID) refuse(`${pointer}/id`, `${ADMIN_API_ID} is built in, with its operations`);
    if (apiIds.has(api.id)) refuse(`${pointer}/id`, `${api.id} is in the catalog twice`);
    apiIds.add(api.id);
    const shapes = new Map<string, string>();
    for (const [index, operation] of api.operations.entries()) {
      const here: Refuse = (member, message) => refuse(`${pointer}/operations/${index}/${member}`, message);
      checkNames(operation, operationIds, here);
      checkPath(operation, shapes, here);
    }
  }
  checkClaimed(claimed, refuse);
  return problems;
}

function checkNames({ id, method, tags }: CatalogOperation, seen: Set<string>, refuse: Refuse): void {
  if (!isOperationId(id)) refuse('id', `must be a string like ${OPERATION_ID.source}`);
  if (ADMIN_OPERATION.test(id)) refuse('id', 'must not begin like the operations of the admin API, admin.');
  if (seen.has(id)) refuse('id', `${id} is in the catalog twice`);
  seen.add(id);
  if (!METHODS.has(method)) refuse('method', `must be one of ${[...METHODS].join(', ')}`);
  if (tags.length > CATALOG_CAPS.tags) refuse('tags', `must be at most ${CATALOG_CAPS.tags}`);
  if (!tags.every((tag) => TAG.test(tag))) refuse('tags', `must be strings like ${TAG.source}`);
}

/** `shapes`: what matches the same requests has the same shape; a second one would never be found. */
function checkPath(
  { id, method, path }: CatalogOperation,
  shapes: Map<string, string>,
  refuse: Refuse,
): void {
  const template = readPathTemplate(path);
  if (template === null) {
    refuse('path', 'must be an absolute path of literals and distinct {parameters}');
    return;
  }
  if (!isCanonical(template))
    refuse('path', 'must be in canonical form, because no request is compared in another');
  const shape = `${method} ${template.segments.map((one) => ('literal' in one ? one.literal : '{}')).join('/')}`;
  const other = shapes.get(shape);
  if (other !== undefined) refuse('path', `matches the same requests as ${other}`);
  else shapes.set(shape, id);
}

function isCanonical({ segments }: PathTemplate): boolean {
  const path = `/${segments.map((one) => ('literal' in one ? one.literal : 'x')).join('/')}`;
  return canonicalTargetUri(`https://api.invalid${path}`, { allowHttpLoopback: false })?.path === path;
}

function checkClaimed(claimed: Readonly<Record<string, ClaimedType>>, refuse: Refuse): void {
  const names = Object.keys(claimed);
  if (names.length > CATALOG_CAPS.claimed)
    refuse('#/claimed', `must be at most ${CATALOG_CAPS.claimed} attributes`);
  if (!names.every((name) => CLAIMED_NAME.test(name)))
    refuse('#/claimed', `must have names like ${CLAIMED_NAME.source}`);
}
