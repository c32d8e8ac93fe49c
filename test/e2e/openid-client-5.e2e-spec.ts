import { Issuer, type BaseClient } from 'openid-client-5';
import { Caller, DIGEST, ID_TOKEN, REFUND, TOKEN_EXCHANGE } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import type { SigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** The generation before, which much software still uses. It knows neither exchange nor single use. */
describe('openid-client 5', () => {
  let deployment: Deployment;
  let caller: Caller;
  beforeAll(async () => {
    const { url } = await freshDatabase();
    deployment = await deploy({ databaseUrl: url });
    caller = new Caller(deployment);
  }, 60_000);
  afterAll(() => deployment.stop());

  async function clientOf(client_id: string, { privateKey, kid, alg }: SigningKey): Promise<BaseClient> {
    const issuer = await Issuer.discover(`${deployment.issuer}/.well-known/oauth-authorization-server`);
    const key = { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
    return new issuer.Client(
      {
        client_id,
        token_endpoint_auth_method: 'private_key_jwt',
        introspection_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: alg,
        introspection_endpoint_auth_signing_alg: alg,
      },
      { keys: [key] },
    );
  }

  /** By itself it names two audiences, of which RFC 7523bis allows one. */
  const forOneAudience = () => ({ clientAssertionPayload: { aud: deployment.issuer } });

  it('discovers, exchanges when it is asked for a nonce, and introspects once', async () => {
    const client = await clientOf('desk', deployment.keys.client);
    const issued = await client.grant(
      {
        grant_type: TOKEN_EXCHANGE,
        subject_token: deployment.issuerServer.idToken(),
        subject_token_type: ID_TOKEN,
        resource: API,
        authorization_details: caller.details(),
      },
      { ...forOneAudience(), DPoP: caller.device.privateKey },
    );
    expect([issued.token_type, issued.scope]).toEqual(['DPoP', 'orders.refund']);
    const token = String(issued.access_token);

    const server = await clientOf('orders-api', deployment.keys.server);
    const introspectBody = {
      http_method: 'POST',
      http_target_uri: REFUND,
      content_digest: `sha-256=:${DIGEST}:`,
      dpop_proof: caller.apiProof(token),
    };
    const ask = () => server.introspect(token, 'access_token', { ...forOneAudience(), introspectBody });
    expect(await ask()).toMatchObject({ active: true, sub: 'ada', client_id: 'desk' });
    expect(await ask()).toEqual({ active: false });
  });

  it('reads a refused client as the standard has it', async () => {
    const client = await clientOf('desk', deployment.keys.server);
    const asked = {
      grant_type: TOKEN_EXCHANGE,
      subject_token: 'x',
      subject_token_type: ID_TOKEN,
      resource: API,
    };
    await expect(client.grant(asked, forOneAudience())).rejects.toMatchObject({ error: 'invalid_client' });
  });
});
