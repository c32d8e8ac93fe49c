import {
  ADMIN_API_ID,
  readClient,
  readEventSource,
  readIdentityProvider,
  readResourceServer,
  readRoleBinding,
  UNSTORED,
  type ClientRegistration,
  type EventSource,
  type IdentityProviderRegistration,
  type Read,
  type ResourceServerRegistration,
  type UriRules,
} from '#core';
import type { SeedDocument, SeedParts } from './read-seed-folders.ts';
import type { SeedProblem } from './seed-source.ts';

/** What is registered already, enabled or not. */
export interface StoredRegistrations {
  readonly identityProviders: readonly unknown[];
  readonly eventTransmitters: readonly unknown[];
  readonly clients: readonly unknown[];
  readonly resourceServers: readonly unknown[];
}

/** A registration as it will stand afterwards; `seed` is null for one that the seed does not touch. */
interface Entry<Registration> {
  readonly registration: Registration;
  readonly seed: SeedDocument | null;
}

type Complain = (problem: SeedProblem) => void;

/**
 * Everything that is wrong with the registrations of a seed, each by itself and all together with what is stored:
 * shapes, names used twice, references to nothing, groups of two providers that would meet.
 */
export function checkRegistrations(
  parts: Pick<
    SeedParts,
    'identityProviders' | 'eventTransmitters' | 'clients' | 'resourceServers' | 'roleBindings'
  >,
  stored: StoredRegistrations,
  rules: UriRules,
): readonly SeedProblem[] {
  const problems: SeedProblem[] = [];
  const complain: Complain = (problem) => void problems.push(problem);

  const providers = merge(
    readAll(parts.identityProviders, (document) => readIdentityProvider(document, rules), complain),
    readStored(stored.identityProviders, (document) => readIdentityProvider(document, rules)),
    (provider) => provider.id,
  );
  const transmitters = merge(
    readAll(parts.eventTransmitters, (document) => readEventSource(document, rules), complain),
    readStored(stored.eventTransmitters, (document) => readEventSource(document, rules)),
    (transmitter) => transmitter.id,
  );
  const servers = merge(
    readAll(parts.resourceServers, (document) => readResourceServer(document, UNSTORED, rules), complain),
    readStored(stored.resourceServers, (document) => readResourceServer(document, UNSTORED, rules)),
    (server) => server.id,
  );
  const clients = merge(
    readAll(parts.clients, (document) => readClient(document, rules), complain),
    readStored(stored.clients, (document) => readClient(document, rules)),
    (client) => client.clientId,
  );
  unique(readAll(parts.roleBindings, readRoleBinding, complain), (one) => one.id, { complain, member: 'id' });
  unique(providers, (one) => one.id, { complain, member: 'id' });
  unique(transmitters, (one) => one.id, { complain, member: 'id' });
  // Whose word an event is, is known by its issuer alone.
  unique<IdentityProviderRegistration | EventSource>([...providers, ...transmitters], (one) => one.issuer, {
    complain,
    member: 'issuer',
  });
  unique(servers, (one) => one.id, { complain, member: 'id' });
  unique(servers, (one) => one.base.href, { complain, member: 'resource' });
  unique<ClientRegistration | ResourceServerRegistration>([...servers, ...clients], (one) => one.clientId, {
    complain,
    member: 'client_id',
  });
  unique(
    providers.filter(({ registration }) => registration.groupsClaim !== null),
    (one) => one.groupsPrefix,
    { complain, member: 'groups_prefix' },
  );
  checkReferences(clients, { providers, servers, complain });
  return problems;
}

function readAll<Registration>(
  documents: readonly SeedDocument[],
  read: (document: unknown) => Read<Registration>,
  complain: Complain,
): Entry<Registration>[] {
  return documents.flatMap((seed) => {
    const result = read(seed.document);
    if ('registration' in result) return [{ registration: result.registration, seed }];
    for (const { pointer, message } of result.problems) {
      complain(seed.problem(pointer, message));
    }
    return [];
  });
}

/** What is stored and cannot be read is not trusted by anybody: it is no neighbour to be checked against. */
function readStored<Registration>(
  documents: readonly unknown[],
  read: (document: unknown) => Read<Registration>,
): Entry<Registration>[] {
  return documents.flatMap((document) => {
    const result = read(document);
    return 'registration' in result ? [{ registration: result.registration, seed: null }] : [];
  });
}

/** The seed's registrations, and the stored ones that it does not replace. */
function merge<Registration>(
  seeded: readonly Entry<Registration>[],
  stored: readonly Entry<Registration>[],
  idOf: (registration: Registration) => string,
): Entry<Registration>[] {
  const replaced = new Set(seeded.map(({ registration }) => idOf(registration)));
  return [...stored.filter(({ registration }) => !replaced.has(idOf(registration))), ...seeded];
}

function unique<Registration>(
  entries: readonly Entry<Registration>[],
  valueOf: (registration: Registration) => string,
  { complain, member }: { complain: Complain; member: string },
): void {
  const seen = new Map<string, Entry<Registration>>();
  const isStored = ({ seed }: Entry<Registration>): boolean => seed === null;
  // What is stored was there first: who comes after it is told.
  const inTurn = [...entries.filter(isStored), ...entries.filter((entry) => !isStored(entry))];
  for (const entry of inTurn) {
    const value = valueOf(entry.registration);
    const earlier = seen.get(value);
    seen.set(value, entry);
    if (earlier === undefined || entry.seed === null) continue;
    const where = earlier.seed === null ? 'registered already' : 'used twice in this seed';
    complain(entry.seed.problem(`#/${member}`, takenMessage(member, value, where)));
  }
}

function takenMessage(member: string, value: string, where: string): string {
  return member === 'groups_prefix'
    ? `two identity providers that take groups must not share the prefix "${value}" (${where})`
    : `"${value}" is ${where}`;
}

function checkReferences(
  clients: readonly Entry<ClientRegistration>[],
  known: {
    providers: readonly Entry<IdentityProviderRegistration>[];
    servers: readonly Entry<ResourceServerRegistration>[];
    complain: Complain;
  },
): void {
  const providerIds = new Set(known.providers.map(({ registration }) => registration.id));
  const serverIds = new Set(known.servers.map(({ registration }) => registration.id));
  for (const { registration, seed } of clients) {
    if (seed === null) continue;
    for (const member of ['identityProviders', 'actors'] as const) {
      const pointer = member === 'actors' ? '#/actors' : '#/identity_providers';
      for (const id of registration[member].keys()) {
        if (providerIds.has(id)) continue;
        known.complain(seed.problem(pointer, `no identity provider "${id}" is registered`));
      }
    }
    for (const id of registration.resourceServers) {
      // The admin API is there without being registered by anybody.
      if (id === ADMIN_API_ID || serverIds.has(id)) continue;
      known.complain(seed.problem('#/resource_servers', `no resource server "${id}" is registered`));
    }
  }
}
