import {
  diffOperations,
  isJsonObject,
  type CatalogOperation,
  type JsonObject,
  type ReleaseDocument,
} from '#core';
import { randomUUID } from 'node:crypto';
import type { AdminAnswer, AdminClient } from '../administration/admin-client.ts';
import { putResource } from '../administration/put-resource.ts';
import { writableMembers } from '../administration/writable-members.ts';
import { Failure } from '../failure.ts';
import { joinedKeys, serverDifferences } from './server-document.ts';

/** What became of something that is registered. */
export interface Registered {
  readonly what: string;
  readonly state: 'created' | 'replaced' | 'unchanged' | 'differs';
  /** Where it differs: a line each. */
  readonly differences: readonly string[];
}

/**
 * Registers a resource server. One that is registered otherwise stays as it is, unless `force`: then what was wanted
 * is changed, and a key is added.
 *
 * Fails  Failure when the id is another API's; AdminRefusal
 */
export async function registerServer(
  admin: AdminClient,
  { present, wanted, force }: { present: AdminAnswer | null; wanted: JsonObject; force: boolean },
): Promise<Registered> {
  const id = String(wanted['id']);
  const what = `resource server ${id} (${String(wanted['resource'])})`;
  const differences = present === null ? [] : serverDifferences(present.body.value, wanted);
  if (present !== null && differences.length === 0) return { what, state: 'unchanged', differences };
  if (present !== null && !force) return { what, state: 'differs', differences };
  const shown = present?.body.value;
  const kept = isJsonObject(shown) ? writableMembers('resource-servers', shown) : {};
  const document = { ...kept, ...wanted, jwks: joinedKeys(kept['jwks'], wanted['jwks']) };
  await putResource(admin, { path: 'resource-servers', id, document });
  return { what, state: present === null ? 'created' : 'replaced', differences: [] };
}

/** An id that is another API's: there is nothing to compare, and nothing that `--force` should change. */
export function demandSameApi(present: AdminAnswer | null, resource: string): void {
  const registered = present?.body.text('resource') ?? resource;
  if (registered === resource) return;
  throw new Failure(
    `${present?.body.text('id')} is ${registered} already; --id gives ${resource} a name of its own`,
  );
}

/** Lets a client ask for tokens for an API. Fails  Failure when there is no such client; AdminRefusal */
export async function admitClient(admin: AdminClient, clientId: string, api: string): Promise<Registered> {
  const path = `/clients/${encodeURIComponent(clientId)}`;
  const { body, etag } = await admin.get(path);
  const what = `client ${clientId} may ask for tokens for ${api}`;
  const servers = body.texts('resource_servers');
  if (servers.includes(api) || !isJsonObject(body.value))
    return { what, state: 'unchanged', differences: [] };
  const document = { ...writableMembers('clients', body.value), resource_servers: [...servers, api] };
  await admin.call({ method: 'PUT', path, body: document, ifMatch: etag });
  return { what, state: 'replaced', differences: [] };
}

/** What is drafted of an API, and the OpenAPI document that the rest comes from. */
export interface DraftedApi {
  readonly api: string;
  readonly openapi: JsonObject;
  readonly operations: readonly CatalogOperation[];
  readonly draft: ReleaseDocument;
  readonly etag: string;
}

/** Puts the operations of a document into the draft, where they are not there already. */
export async function importCatalog(
  admin: AdminClient,
  { api, openapi, operations, draft, etag }: DraftedApi,
): Promise<Registered> {
  const present = draft.apis.find(({ id }) => id === api)?.operations ?? [];
  const { added, changed } = diffOperations(present, operations);
  const what = `${operations.length} operations in the draft`;
  if (added.length + changed.length === 0) return { what, state: 'unchanged', differences: [] };
  await admin.call({
    method: 'POST',
    path: '/operations-import',
    body: { api, openapi },
    ifMatch: etag,
    idempotencyKey: randomUUID(),
  });
  return { what, state: present.length === 0 ? 'created' : 'replaced', differences: [] };
}
