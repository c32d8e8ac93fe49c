import { isDeepStrictEqual } from 'node:util';
import {
  readClient,
  readEventSource,
  readIdentityProvider,
  readResourceServer,
  readRoleBinding,
  UNSTORED,
  type ClientDocument,
  type EventTransmitterDocument,
  type IdentityProviderDocument,
  type ResourceServerDocument,
  type RoleBindingDocument,
  type UriRules,
} from '#core';
import type { SeedRegistrations, StoredRegistration } from '#postgres';
import type { SeedDocument, SeedParts } from './read-seed-folders.ts';

/** Those of a checked seed that are not stored exactly so already: writing the others would only wake up brokers. */
export function changedRegistrations(
  parts: Pick<
    SeedParts,
    'identityProviders' | 'eventTransmitters' | 'clients' | 'resourceServers' | 'roleBindings'
  >,
  stored: readonly Pick<StoredRegistration, 'document'>[],
  rules: UriRules,
): SeedRegistrations {
  const isNew = ({ document }: SeedDocument): boolean =>
    !stored.some((one) => isDeepStrictEqual(one.document, JSON.parse(JSON.stringify(document))));
  const documents = (list: readonly SeedDocument[]): readonly unknown[] =>
    list.filter(isNew).map(({ document }) => document);
  return {
    identityProviders: documents(parts.identityProviders).filter(
      (one): one is IdentityProviderDocument => 'registration' in readIdentityProvider(one, rules),
    ),
    eventTransmitters: documents(parts.eventTransmitters).filter(
      (one): one is EventTransmitterDocument => 'registration' in readEventSource(one, rules),
    ),
    resourceServers: documents(parts.resourceServers).filter(
      (one): one is ResourceServerDocument => 'registration' in readResourceServer(one, UNSTORED, rules),
    ),
    clients: documents(parts.clients).filter(
      (one): one is ClientDocument => 'registration' in readClient(one, rules),
    ),
    roleBindings: documents(parts.roleBindings).filter(
      (one): one is RoleBindingDocument => 'registration' in readRoleBinding(one),
    ),
  };
}
