import * as client from 'openid-client';
import { Caller, DIGEST, ID_TOKEN, REFUND, TOKEN_EXCHANGE } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import type { SigningKey } from '../support/deployment/signing-key.ts';
import { webCryptoKey } from '../support/deployment/web-crypto-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** The same with the library that most Node clients use; it repeats by itself when it is asked for a nonce. */
describe('openid-client', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    const { url } = await freshDatabase();
    deployment = await deploy({ databaseUrl: url });
  }, 60_000);
  afterAll(() => deployment.stop());

  async function configure(clientId: string, key: SigningKey): Promise<client.Configuration> {
    const auth = client.PrivateKeyJwt({ key: await webCryptoKey(key), kid: key.kid });
    return client.discovery(new URL(deployment.issuer), clientId, undefined, auth, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    });
  }

  it('discovers, exchanges and introspects', async () => {
    const caller = new Caller(deployment);
    const config = await configure('desk', deployment.keys.client);
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256', { extractable: true }));
    const asked = {
      subject_token: deployment.issuerServer.idToken(),
      subject_token_type: ID_TOKEN,
      resource: API,
      authorization_details: caller.details(),
    };
    const issued = await client.genericGrantRequest(config, TOKEN_EXCHANGE, asked, { DPoP });
    expect(issued.token_type).toBe('dpop');
    expect(issued.expires_in).toBeGreaterThan(0);

    const server = await configure('orders-api', deployment.keys.server);
    const presented = { http_method: 'POST', http_target_uri: REFUND, content_digest: `sha-256=:${DIGEST}:` };
    // Without the proof of its key a bound token is nobody's.
    expect(await client.tokenIntrospection(server, issued.access_token, presented)).toEqual({
      active: false,
    });
    const dpop_proof = await proofFor(config, issued.access_token, DPoP);
    const answer = await client.tokenIntrospection(server, issued.access_token, { ...presented, dpop_proof });
    expect(answer).toMatchObject({ active: true, sub: 'ada', client_id: 'desk' });
    expect(
      await client.tokenIntrospection(server, issued.access_token, { ...presented, dpop_proof }),
    ).toEqual({ active: false });
  });

  it('reads a refused client as the standard has it', async () => {
    const config = await configure('desk', deployment.keys.server);
    const asked = { subject_token: 'x', subject_token_type: ID_TOKEN, resource: API };
    await expect(client.genericGrantRequest(config, TOKEN_EXCHANGE, asked)).rejects.toMatchObject({
      error: 'invalid_client',
      status: 401,
    });
  });
});

/** Lets the library call an API that is not there, and takes the proof from what it would have sent. */
async function proofFor(
  config: client.Configuration,
  accessToken: string,
  DPoP: client.DPoPHandle,
): Promise<string> {
  let proof: string | null = null;
  const offline = new client.Configuration(config.serverMetadata(), 'desk');
  offline[client.customFetch] = (_url, { headers }) => {
    proof = new Headers(headers).get('dpop');
    return Promise.resolve(new Response('{}'));
  };
  const nowhere = new URL(REFUND);
  await client.fetchProtectedResource(offline, accessToken, nowhere, 'POST', null, new Headers(), { DPoP });
  if (proof === null) throw new Error('the library sent no proof');
  return proof;
}
