import * as oauth from 'oauth4webapi';
import { Caller, DIGEST, ID_TOKEN, REFUND, TOKEN_EXCHANGE } from '../support/deployment/caller.ts';
import { API, deploy, SELF_API, type Deployment } from '../support/deployment/deployment.ts';
import { webCryptoKey } from '../support/deployment/web-crypto-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** Software that knows the standards and nothing of us: discovery, exchange with a DPoP nonce, introspection. */
describe('oauth4webapi', () => {
  let deployment: Deployment;
  let server: oauth.AuthorizationServer;
  const insecure = { [oauth.allowInsecureRequests]: true };
  const client: oauth.Client = { client_id: 'desk' };

  beforeAll(async () => {
    const { url } = await freshDatabase();
    deployment = await deploy({ databaseUrl: url });
    const issuer = new URL(deployment.issuer);
    const response = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' });
    server = await oauth.processDiscoveryResponse(issuer, response);
  }, 60_000);
  afterAll(() => deployment.stop());

  async function clientAuthentication(): Promise<oauth.ClientAuth> {
    const { client: key } = deployment.keys;
    return oauth.PrivateKeyJwt({ key: await webCryptoKey(key), kid: key.kid });
  }

  function parameters(resource: string, details: string): URLSearchParams {
    return new URLSearchParams({
      subject_token: deployment.issuerServer.idToken(),
      subject_token_type: ID_TOKEN,
      resource,
      authorization_details: details,
    });
  }

  async function exchange(
    resource: string,
    details: string,
    DPoP: oauth.DPoPHandle,
  ): Promise<oauth.TokenEndpointResponse> {
    const auth = await clientAuthentication();
    const ask = async (): Promise<oauth.TokenEndpointResponse> => {
      const asked = parameters(resource, details);
      const response = await oauth.genericTokenEndpointRequest(server, client, auth, TOKEN_EXCHANGE, asked, {
        ...insecure,
        DPoP,
      });
      return oauth.processGenericTokenEndpointResponse(server, client, response);
    };
    return ask().catch((error: unknown) => {
      if (!oauth.isDPoPNonceError(error)) throw error;
      return ask();
    });
  }

  it('finds the endpoints', () => {
    expect(server).toMatchObject({
      issuer: deployment.issuer,
      token_endpoint: `${deployment.issuer}/token`,
      introspection_endpoint: `${deployment.issuer}/introspect`,
      grant_types_supported: [
        TOKEN_EXCHANGE,
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:deferred',
      ],
      token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt']) as unknown,
      authorization_details_types_supported: ['http_operation'],
    });
  });

  it('exchanges with the nonce that it is asked for, and spends the token once', async () => {
    const keyPair = await oauth.generateKeyPair('ES256', { extractable: true });
    const DPoP = oauth.DPoP(client, keyPair);
    const caller = new Caller(deployment);
    const issued = await exchange(API, caller.details(), DPoP);
    expect(issued).toMatchObject({
      token_type: 'dpop',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    });

    // The proof that a resource server would forward: made by the library for its request to the API.
    const forwarded = await proofFor(issued.access_token, DPoP);
    const rs: oauth.Client = { client_id: 'orders-api' };
    const key = await webCryptoKey(deployment.keys.server);
    const auth = oauth.PrivateKeyJwt({ key, kid: deployment.keys.server.kid });
    const additionalParameters = {
      http_method: 'POST',
      http_target_uri: REFUND,
      content_digest: `sha-256=:${DIGEST}:`,
      dpop_proof: forwarded,
    };
    const introspect = async (): Promise<oauth.IntrospectionResponse> => {
      const response = await oauth.introspectionRequest(server, rs, auth, issued.access_token, {
        ...insecure,
        additionalParameters,
      });
      return oauth.processIntrospectionResponse(server, rs, response);
    };
    expect(await introspect()).toMatchObject({ active: true, token_type: 'DPoP', htm: 'POST', htu: REFUND });
    expect(await introspect()).toEqual({ active: false });
  });

  it('introspects for an API that checks proofs itself, with nothing but RFC 7662', async () => {
    const keyPair = await oauth.generateKeyPair('Ed25519', { extractable: true });
    const caller = new Caller(deployment);
    const target_uri = `${SELF_API}orders/42/refund`;
    const details = caller.details({ locations: [SELF_API], target_uri });
    const issued = await exchange(SELF_API, details, oauth.DPoP(client, keyPair));
    const rs: oauth.Client = { client_id: 'self-api' };
    const key = await webCryptoKey(deployment.keys.selfServer);
    const response = await oauth.introspectionRequest(
      server,
      rs,
      oauth.PrivateKeyJwt(key),
      issued.access_token,
      insecure,
    );
    expect(await oauth.processIntrospectionResponse(server, rs, response)).toMatchObject({ active: true });
  });

  it('reads a refusal as the standard has it', async () => {
    const keyPair = await oauth.generateKeyPair('ES256', { extractable: true });
    const details = new Caller(deployment).details({ actions: ['DELETE'] });
    await expect(exchange(API, details, oauth.DPoP(client, keyPair))).rejects.toMatchObject({
      name: 'ResponseBodyError',
      error: 'invalid_authorization_details',
      status: 400,
    });
  });
});

/** Lets the library call an API that is not there, and takes the proof from what it would have sent. */
async function proofFor(accessToken: string, DPoP: oauth.DPoPHandle): Promise<string> {
  let proof: string | null = null;
  await oauth.protectedResourceRequest(accessToken, 'POST', new URL(REFUND), new Headers(), null, {
    DPoP,
    [oauth.customFetch]: (_url, { headers }) => {
      proof = new Headers(headers).get('dpop');
      return Promise.resolve(new Response('{}'));
    },
  });
  if (proof === null) throw new Error('the library sent no proof');
  return proof;
}
