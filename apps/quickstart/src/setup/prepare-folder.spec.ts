import { readClient, readIdentityProvider, readResourceServer, readRoleBinding, UNSTORED } from '#core';
import { parseQuickstartEnvironment, quickstartFolder } from '#quickstart';
import { newKeyPair } from './new-key.ts';
import { environmentOf, json } from './prepare-folder.ts';
import { registrationsOf } from './registrations.ts';
import { urlsOf } from './urls.ts';

const URLS = urlsOf({ broker: 1, admin: 2, identityProvider: 3, orders: 4 });
const RULES = { allowHttpLoopback: true };

describe('what the quickstart writes', () => {
  const environment = environmentOf(quickstartFolder('/q'), URLS);

  it('has exactly the members of env.json', () => {
    expect(environment).toEqual({
      issuer: 'http://127.0.0.1:1',
      token_endpoint: 'http://127.0.0.1:1/token',
      introspection_endpoint: 'http://127.0.0.1:1/introspect',
      jwks_uri: 'http://127.0.0.1:1/jwks',
      admin_url: 'http://127.0.0.1:2',
      orders_url: 'http://127.0.0.1:4',
      identity_provider: { issuer: 'http://127.0.0.1:3', client_id: 'toy-app', users: ['ada', 'bob'] },
      client: { client_id: 'toy-client', private_jwk_file: '/q/client.jwk.json' },
      resource_server: {
        client_id: 'orders-api',
        resource: 'http://127.0.0.1:4',
        private_jwk_file: '/q/resource-server.jwk.json',
      },
    });
  });

  it('is read again as it was written', () => {
    expect(parseQuickstartEnvironment(json(environment))).toEqual(environment);
  });

  it('registers what the broker accepts, and public keys only', () => {
    const keys = { client: newKeyPair(), resourceServer: newKeyPair() };
    const files = registrationsOf(URLS, keys);
    const read = [
      ...files['identity-providers.yaml'].map((one) => readIdentityProvider(one, RULES)),
      ...files['clients.yaml'].map((one) => readClient(one, RULES)),
      ...files['resource-servers.yaml'].map((one) => readResourceServer(one, UNSTORED, RULES)),
      ...files['role-bindings.yaml'].map((one) => readRoleBinding(one)),
    ];
    expect(read.flatMap((one) => ('problems' in one ? one.problems : []))).toEqual([]);
    expect(JSON.stringify(files)).not.toContain(String(keys.client.privateJwk.d));
    expect(JSON.stringify(files)).not.toContain(String(keys.resourceServer.privateJwk.d));
  });
});
