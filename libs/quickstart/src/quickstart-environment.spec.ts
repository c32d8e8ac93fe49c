import { parseQuickstartEnvironment } from './quickstart-environment.ts';

const ENVIRONMENT = {
  issuer: 'http://127.0.0.1:1',
  token_endpoint: 'http://127.0.0.1:1/token',
  introspection_endpoint: 'http://127.0.0.1:1/introspect',
  jwks_uri: 'http://127.0.0.1:1/jwks',
  admin_url: 'http://127.0.0.1:2',
  orders_url: 'http://127.0.0.1:4',
  identity_provider: { issuer: 'http://127.0.0.1:3', client_id: 'app', users: ['ada'] },
  client: { client_id: 'client', private_jwk_file: '/client.jwk.json' },
  resource_server: { client_id: 'api', resource: 'http://127.0.0.1:4', private_jwk_file: '/api.jwk.json' },
};

describe('parseQuickstartEnvironment', () => {
  it('reads what a quickstart writes', () => {
    expect(parseQuickstartEnvironment(JSON.stringify(ENVIRONMENT))).toEqual(ENVIRONMENT);
  });

  it.each(Object.keys(ENVIRONMENT))('is null without %s', (member) => {
    const { [member]: left, ...others } = ENVIRONMENT as Record<string, unknown>;
    expect(left).toBeDefined();
    expect(parseQuickstartEnvironment(JSON.stringify(others))).toBeNull();
  });

  it.each(['', 'null', '[]', '"x"', '{"issuer":1}'])('is null for %j', (text) => {
    expect(parseQuickstartEnvironment(text)).toBeNull();
  });
});
