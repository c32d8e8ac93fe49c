import {
  ADMIN_API_ID,
  ROLES,
  type ClientDocument,
  type IdentityProviderDocument,
  type ResourceServerDocument,
  type RoleBindingDocument,
} from '#core';
import type { KeyPair } from './new-key.ts';
import type { Urls } from './urls.ts';

/** Names that the quickstart registers. */
export const IDS = {
  identityProvider: 'toy',
  /** The application that users sign in to: the audience of their ID tokens. */
  application: 'toy-app',
  client: 'toy-client',
  ordersApi: 'orders',
  ordersClient: 'orders-api',
  /** The user who may administer all of it. */
  admin: 'ada',
} as const;

/** The registration files that `oncekey seed` reads, by name. */
export type RegistrationFiles = Readonly<{
  'identity-providers.yaml': readonly IdentityProviderDocument[];
  'clients.yaml': readonly ClientDocument[];
  'resource-servers.yaml': readonly ResourceServerDocument[];
  'role-bindings.yaml': readonly RoleBindingDocument[];
}>;

export function registrationsOf(
  urls: Urls,
  keys: { readonly client: KeyPair; readonly resourceServer: KeyPair },
): RegistrationFiles {
  return {
    'identity-providers.yaml': [
      {
        id: IDS.identityProvider,
        issuer: urls.identityProvider,
        algorithms: ['ES256'],
        groups_claim: 'groups',
      },
    ],
    'clients.yaml': [
      {
        client_id: IDS.client,
        jwks: { keys: [keys.client.publicJwk] },
        identity_providers: [{ id: IDS.identityProvider, audiences: [IDS.application] }],
        resource_servers: [IDS.ordersApi, ADMIN_API_ID],
      },
    ],
    'resource-servers.yaml': [
      {
        id: IDS.ordersApi,
        client_id: IDS.ordersClient,
        resource: urls.orders,
        binding: 'enforced',
        proof: 'dpop',
        jwks: { keys: [keys.resourceServer.publicJwk] },
      },
    ],
    'role-bindings.yaml': ROLES.map((role) => ({
      id: `${IDS.admin}-${role}`,
      role,
      issuer: urls.identityProvider,
      subject: IDS.admin,
    })),
  };
}
