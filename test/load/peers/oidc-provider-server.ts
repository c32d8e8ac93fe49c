import '../../../apps/quickstart/src/identity-provider/url-parse.ts';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider, { type Configuration, type JWK } from 'oidc-provider';
import { KEY_CLIENT, SECRET_CLIENT, type OidcProviderSettings } from './oidc-provider-settings.ts';
import { PostgresAdapter } from './postgres-adapter.ts';

const CLIENT_CREDENTIALS = {
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
};

/**
 * A peer: `oidc-provider` as its documentation sets it up, with opaque access tokens for client credentials, and
 * introspection.
 */
async function main({ port, databaseUrl, clientSecret, clientKey }: OidcProviderSettings): Promise<void> {
  const configuration: Configuration = {
    clients: [
      {
        ...CLIENT_CREDENTIALS,
        client_id: SECRET_CLIENT,
        client_secret: clientSecret,
        token_endpoint_auth_method: 'client_secret_basic',
      },
      {
        ...CLIENT_CREDENTIALS,
        client_id: KEY_CLIENT,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [clientKey as JWK] },
      },
    ],
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      devInteractions: { enabled: false },
    },
    ttl: { ClientCredentials: 600 },
    ...(databaseUrl === null ? {} : { adapter: await PostgresAdapter.on(databaseUrl) }),
  };
  const provider = new Provider(`http://127.0.0.1:${port}`, configuration);
  const handle = provider.callback();
  const server = createServer((request, response) => void handle(request, response));
  server.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
}

void main(JSON.parse(process.argv[2] ?? '{}') as OidcProviderSettings);
