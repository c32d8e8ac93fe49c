import { readRoleBinding } from '../administration/read-role-binding.ts';
import type { RoleBinding } from '../administration/roles.ts';
import type { UriRules } from '../operation/target-uri.ts';
import type { DocumentProblem } from './documents.ts';
import { eventSourceOf, type EventSource } from './event-source.ts';
import { readEventSource } from './read-event-source.ts';
import {
  readClient,
  readIdentityProvider,
  readResourceServer,
  type Read,
  type StoredServer,
} from './read-registrations.ts';
import type {
  ClientRegistration,
  IdentityProviderRegistration,
  ResourceServerRegistration,
} from './registrations.ts';
import { RoleHolders } from './role-holders.ts';
import type { Trust } from './trust.ts';
import { VouchedCallers } from './vouched-callers.ts';

/** The enabled registrations of one revision, as stored. */
export interface RegistrationRows {
  readonly revision: string;
  readonly identityProviders: readonly unknown[];
  readonly eventTransmitters: readonly unknown[];
  readonly clients: readonly unknown[];
  readonly resourceServers: readonly (StoredServer & { readonly document: unknown })[];
  readonly roleBindings: readonly unknown[];
}

/** A registration that was left out, because nothing may be trusted that cannot be read. */
export interface LeftOut {
  readonly kind: 'identity_provider' | 'event_transmitter' | 'client' | 'resource_server' | 'role_binding';
  readonly document: unknown;
  readonly problems: readonly DocumentProblem[];
}

/**
 * Makes a revision ready to be trusted. What cannot be read, and whoever claims a name that is taken, is left out
 * and reported: one bad row must not stop the others, and must not be half believed.
 */
export function compileTrust(
  rows: RegistrationRows,
  { release, shadow }: Pick<Trust, 'release' | 'shadow'>,
  rules: UriRules,
): { trust: Trust; leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const taken = new Set<string>();
  const callers = new Map<string, ClientRegistration | ResourceServerRegistration>();
  const byResource = new Map<string, ResourceServerRegistration>();
  const byId = new Map<string, ResourceServerRegistration>();
  const byIssuer = new Map<string, IdentityProviderRegistration>();
  const sources = new Map<string, EventSource>();
  const vouched = new VouchedCallers();
  const origins = new Set<string>();

  const take = <R>(
    row: Omit<LeftOut, 'problems'>,
    read: Read<R>,
    namesOf: (one: R) => readonly string[],
  ): R | null => {
    if ('problems' in read) {
      leftOut.push({ ...row, problems: read.problems });
      return null;
    }
    if (claimAll(taken, namesOf(read.registration))) return read.registration;
    leftOut.push({ ...row, problems: [{ pointer: '#', message: 'one of its names is taken' }] });
    return null;
  };

  for (const document of rows.identityProviders) {
    const provider = take(
      { kind: 'identity_provider', document },
      readIdentityProvider(document, rules),
      ({ id, issuer }) => [`provider ${id}`, `issuer ${issuer}`],
    );
    if (provider === null) continue;
    byIssuer.set(provider.issuer, provider);
    const source = eventSourceOf(provider);
    if (source !== null) sources.set(source.issuer, source);
  }
  for (const document of rows.eventTransmitters) {
    const source = take(
      { kind: 'event_transmitter', document },
      readEventSource(document, rules),
      ({ id, issuer }) => [`transmitter ${id}`, `issuer ${issuer}`],
    );
    if (source !== null) sources.set(source.issuer, source);
  }
  for (const { document, ...stored } of rows.resourceServers) {
    const server = take(
      { kind: 'resource_server', document },
      readResourceServer(document, stored, rules),
      ({ id, base, clientId, number }) => [
        `server ${id}`,
        `number ${number}`,
        `resource ${base.href}`,
        `caller ${clientId}`,
      ],
    );
    if (server === null) continue;
    byResource.set(server.base.href, server);
    byId.set(server.id, server);
    callers.set(server.clientId, server);
    vouched.add(server);
  }
  for (const document of rows.clients) {
    const client = take({ kind: 'client', document }, readClient(document, rules), ({ clientId }) => [
      `caller ${clientId}`,
    ]);
    if (client === null) continue;
    callers.set(client.clientId, client);
    vouched.add(client);
    for (const origin of client.browserOrigins) origins.add(origin);
  }
  const bindings: RoleBinding[] = [];
  for (const document of rows.roleBindings) {
    const binding = take({ kind: 'role_binding', document }, readRoleBinding(document), ({ id }) => [
      `binding ${id}`,
    ]);
    if (binding !== null) bindings.push(binding);
  }
  const roles = new RoleHolders(bindings);
  const listedSources = [...sources.values()];
  const trust: Trust = {
    revision: rows.revision,
    release,
    shadow,
    caller: (clientId) => callers.get(clientId) ?? null,
    federatedCallers: (issuer) => vouched.byIssuer(issuer),
    certificateCallers: () => vouched.byCertificate(),
    spiffeCallers: (trustDomain) => vouched.byTrustDomain(trustDomain),
    resourceServer: (resource) => byResource.get(resource) ?? null,
    resourceServerNamed: (id) => byId.get(id) ?? null,
    identityProvider: (issuer) => byIssuer.get(issuer) ?? null,
    isBrowserOrigin: (origin) => origins.has(origin),
    eventSource: (issuer) => sources.get(issuer) ?? null,
    eventSources: () => listedSources,
    roleGroupsOf: (holder) => roles.groupsOf(holder),
  };
  return { trust, leftOut };
}

/** Takes all of `names`, or none where one of them is taken. */
function claimAll(taken: Set<string>, names: readonly string[]): boolean {
  if (names.some((name) => taken.has(name))) return false;
  for (const name of names) taken.add(name);
  return true;
}
