import { rawHttp } from '../../../../test/support/raw-http.ts';
import { request } from '../../../../test/support/raw-requests.ts';
import { serveBrokerEdge } from '../../../../test/support/serve-broker-edge.ts';
import { Unavailable } from '#core';
import { metadataOf } from './metadata.ts';

const issuer = 'https://broker.example';
const metadata = metadataOf({ issuer, mutualTls: null });

describe(metadataOf.name, () => {
  it('check 3: names the grants that there are', () => {
    expect(metadata.grant_types_supported).toEqual([
      'urn:ietf:params:oauth:grant-type:token-exchange',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:deferred',
    ]);
    expect(metadata.authorization_grant_profiles_supported).toEqual([
      'urn:ietf:params:oauth:grant-profile:id-jag',
    ]);
  });

  it('checks 4 to 6: no shared secret, no symmetric and no absent signature, and all lists that clients need', () => {
    const lists = Object.entries(metadata).filter(([name]) => /_(methods|values)_supported$/.test(name));
    expect(lists).toHaveLength(11);
    for (const [, values] of lists) expect(JSON.stringify(values)).not.toMatch(/client_secret|none|HS|RS256/);
  });

  it('checks 4 and 6: names certificates where they can arrive, and where to bring them', () => {
    const own = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];
    const attested = ['attest_jwt_client_auth', 'attest_jwt_client_auth_dpop'];
    const url = 'https://mtls.broker.example';
    expect(metadataOf({ issuer, mutualTls: { url } })).toMatchObject({
      token_endpoint_auth_methods_supported: [...own, 'spiffe_jwt', ...attested],
      introspection_endpoint_auth_methods_supported: [...own, 'spiffe_jwt', 'Bearer'],
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: {
        token_endpoint: `${url}/token`,
        introspection_endpoint: `${url}/introspect`,
        revocation_endpoint: `${url}/revoke`,
      },
    });
    expect(metadataOf({ issuer, mutualTls: { url: null } })).not.toHaveProperty('mtls_endpoint_aliases');
    expect(metadata).not.toHaveProperty('tls_client_certificate_bound_access_tokens');
    expect(JSON.stringify(metadata)).not.toContain('tls_client_auth');
  });

  it('has no empty list but the one that RFC 8414 demands, and nothing that does not exist', () => {
    const empty = Object.entries(metadata).filter(([, value]) => Array.isArray(value) && value.length === 0);
    expect(empty.map(([name]) => name)).toEqual(['response_types_supported']);
    expect(metadata).not.toHaveProperty('authorization_endpoint');
  });
});

describe('discovery over HTTP', () => {
  it.each([
    ['https://broker.example', '/.well-known/oauth-authorization-server', '/jwks', '/token'],
    ['https://broker.example/t1', '/.well-known/oauth-authorization-server/t1', '/t1/jwks', '/t1/token'],
  ])('checks 1 and 2: %s is found where RFC 8414 puts it', async (issuer, path, jwks, token) => {
    const edge = await serveBrokerEdge({}, { issuer });
    try {
      const answer = await rawHttp(edge.port, request(`GET ${path}`));
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': expect.stringMatching(/^application\/json/) as unknown,
        'cache-control': 'public, max-age=300',
      });
      expect(JSON.parse(answer.body)).toMatchObject({
        issuer,
        jwks_uri: `https://broker.example${jwks}`,
        token_endpoint: `https://broker.example${token}`,
      });
      expect((await rawHttp(edge.port, request(`GET ${jwks}`))).status).toBe(200);
      expect((await rawHttp(edge.port, request(`GET ${token}`))).status).toBe(405);
      expect((await rawHttp(edge.port, request(`GET /t1${path}`))).status).toBe(404);
    } finally {
      await edge.stop();
    }
  });

  it('keys that are not known are 503, not an empty set', async () => {
    const edge = await serveBrokerEdge({
      publishedKeys: () => {
        throw new Unavailable('the key ring');
      },
    });
    try {
      const answer = await rawHttp(edge.port, request('GET /jwks'));
      expect(answer.status).toBe(503);
      expect(answer.headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store' });
      expect(edge.recorded).toEqual([]);
    } finally {
      await edge.stop();
    }
  });
});
