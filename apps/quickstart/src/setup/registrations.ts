import type { ClientDocument, IdentityProviderDocument, ResourceServerDocument } from '#core';
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
} as const;

/** The three registration files that `oncekey seed` reads, by name. */
export type RegistrationFiles = Readonly<{
  'identity-providers.yaml': readonly IdentityProviderDocument[];
  'clients.yaml': readonly ClientDocument[];
  'resource-servers.yaml': readonly ResourceServerDocument[];
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
        resource_servers: [IDS.ordersApi],
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
  };
}
