import type { UriRules } from '../operation/target-uri.ts';
import type { LiveRelease } from '../policy/release.ts';
import type { DocumentProblem } from './documents.ts';
import { readClient, readIdentityProvider, readResourceServer, type Read } from './read-registrations.ts';
import type {
  ClientRegistration,
  IdentityProviderRegistration,
  ResourceServerRegistration,
} from './registrations.ts';
import type { Trust } from './trust.ts';

/** The enabled registrations of one revision, as stored. */
export interface RegistrationRows {
  readonly revision: string;
  readonly identityProviders: readonly unknown[];
  readonly clients: readonly unknown[];
  readonly resourceServers: readonly { readonly number: number; readonly document: unknown }[];
}

/** A registration that was left out, because nothing may be trusted that cannot be read. */
export interface LeftOut {
  readonly kind: 'identity_provider' | 'client' | 'resource_server';
  readonly document: unknown;
  readonly problems: readonly DocumentProblem[];
}

/**
 * Makes a revision ready to be trusted. What cannot be read, and whoever claims a name that is taken, is left out
 * and reported: one bad row must not stop the others, and must not be half believed.
 */
export function compileTrust(
  rows: RegistrationRows,
  release: LiveRelease,
  rules: UriRules,
): { trust: Trust; leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const callers = new Map<string, ClientRegistration | ResourceServerRegistration>();
  const byResource = new Map<string, ResourceServerRegistration>();
  const byIssuer = new Map<string, IdentityProviderRegistration>();

  const take = <R>(row: Omit<LeftOut, 'problems'>, read: Read<R>, place: (one: R) => boolean): void => {
    if ('problems' in read) leftOut.push({ ...row, problems: read.problems });
    else if (!place(read.registration)) {
      leftOut.push({ ...row, problems: [{ pointer: '#', message: 'its name is taken' }] });
    }
  };

  for (const document of rows.identityProviders) {
    take({ kind: 'identity_provider', document }, readIdentityProvider(document, rules), (provider) =>
      placeOnce(byIssuer, provider.issuer, provider),
    );
  }
  for (const { number, document } of rows.resourceServers) {
    take({ kind: 'resource_server', document }, readResourceServer(document, number, rules), (server) =>
      !byResource.has(server.base.href) && placeOnce(callers, server.clientId, server)
        ? placeOnce(byResource, server.base.href, server)
        : false,
    );
  }
  for (const document of rows.clients) {
    take({ kind: 'client', document }, readClient(document), (client) =>
      placeOnce(callers, client.clientId, client),
    );
  }
  const trust: Trust = {
    revision: rows.revision,
    release,
    caller: (clientId) => callers.get(clientId) ?? null,
    resourceServer: (resource) => byResource.get(resource) ?? null,
    identityProvider: (issuer) => byIssuer.get(issuer) ?? null,
  };
  return { trust, leftOut };
}

function placeOnce<Value>(map: Map<string, Value>, key: string, value: Value): boolean {
  if (map.has(key)) return false;
  map.set(key, value);
  return true;
}
