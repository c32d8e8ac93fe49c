import { isJsonObject, type JsonObject } from '#core';
import type { AdminAnswer, AdminClient } from '../administration/admin-client.ts';
import { findResource } from '../administration/put-resource.ts';
import type { KeptFile } from './kept-files.ts';
import { demandSameApi } from './register-api.ts';
import { serverDocument, type ServerFacts } from './server-document.ts';
import { serverKey } from './server-key.ts';

/** A resource server as it is to be registered; nothing has been done yet. */
export interface PlannedServer {
  readonly wanted: JsonObject;
  /** As it is registered; null when it is not, or nobody was asked. */
  readonly present: AdminAnswer | null;
  /** Writes its key, where it has none. */
  readonly keepKey: () => Promise<readonly KeptFile[]>;
}

/**
 * Finds or makes the key of a resource server. One that is registered already keeps its key, wherever the private half
 * is.
 *
 * In     admin  null: nobody is asked
 * Fails  Failure when the id is another API's
 */
export async function planServer(
  admin: Pick<AdminClient, 'get'> | null,
  facts: Omit<ServerFacts, 'publicJwk'>,
  keyFile: string,
): Promise<PlannedServer> {
  const present = admin === null ? null : await findResource(admin, `/resource-servers/${facts.id}`);
  demandSameApi(present, facts.resource);
  const key = await serverKey(keyFile, facts.gateway === 'apache' ? 'RS256' : 'ES256');
  const shown = present?.body.value;
  if (key.isNew && isJsonObject(shown) && shown['jwks'] !== undefined) {
    const wanted = { ...serverDocument({ ...facts, publicJwk: {} }), jwks: shown['jwks'] };
    return { wanted, present, keepKey: () => Promise.resolve([]) };
  }
  return {
    wanted: serverDocument({ ...facts, publicJwk: key.publicJwk }),
    present,
    keepKey: async () => {
      await key.keep();
      return [{ file: keyFile, state: key.isNew ? 'written' : 'unchanged' }];
    },
  };
}
