import { IdentityPoolClient } from 'google-auth-library';
import { Caller, JWT_BEARER } from '../support/deployment/caller.ts';
import { deploy, PLAIN_API, type Deployment } from '../support/deployment/deployment.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/**
 * The external-account flow of Google's library. It sends `audience` and `scope`, knows neither `resource` nor
 * `authorization_details`, and proves no key. All that it has to be told is how this client authenticates.
 */
describe('google-auth-library', () => {
  let deployment: Deployment;
  let caller: Caller;
  beforeAll(async () => {
    const { url } = await freshDatabase();
    deployment = await deploy({ databaseUrl: url });
    caller = new Caller(deployment);
  }, 60_000);
  afterAll(() => deployment.stop());

  function clientFor({ audience = PLAIN_API, scopes }: { audience?: string; scopes?: string[] }) {
    const client = new IdentityPoolClient({
      type: 'external_account',
      audience,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      token_url: `${deployment.issuer}/token`,
      subject_token_supplier: { getSubjectToken: async () => deployment.issuerServer.idToken() },
      ...(scopes === undefined ? {} : { scopes }),
    });
    const transporter = client['stsCredential']['transporter'];
    // Jest cannot load the one that it would load by itself.
    transporter.defaults.fetchImplementation = fetch;
    transporter.interceptors.request.add({
      resolved: async (request) => {
        const form = new URLSearchParams(request.data as URLSearchParams);
        form.set('client_assertion_type', JWT_BEARER);
        form.set('client_assertion', caller.assertion());
        return { ...request, body: form, data: form };
      },
    });
    return client;
  }

  const present = (token: string, path: string) =>
    caller.introspect(token, {
      client_assertion: caller.serverAssertion('plain-api', deployment.keys.plainServer),
      http_method: 'GET',
      http_target_uri: `${PLAIN_API}${path}`,
      content_digest: undefined,
      dpop_proof: undefined,
    });

  it('earns a token for each request: its cache holds none that lives so shortly', async () => {
    const client = clientFor({ scopes: ['plain.read'] });
    const tokens = [await client.getAccessToken(), await client.getAccessToken()].map(
      ({ token }) => token ?? '',
    );
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) {
      expect((await present(token, 'things/7')).body).toMatchObject({
        active: true,
        sub: 'ada',
        scope: 'plain.read',
      });
      expect((await present(token, 'things/7')).body).toEqual({ active: false });
    }
  });

  it.each([
    { name: 'X-08: the scope that it sends by default', asked: {}, error: 'invalid_scope' },
    {
      name: 'X-06: an audience that nobody is',
      asked: { audience: '//iam.googleapis.com/projects/1', scopes: ['plain.read'] },
      error: 'invalid_target',
    },
    {
      name: 'DP-20: an API that wants a proof',
      asked: { audience: 'https://other.example/', scopes: ['other.read'] },
      error: 'invalid_dpop_proof',
    },
  ])('reads a refusal as it is meant: $name', async ({ asked, error }) => {
    await expect(clientFor(asked).getAccessToken()).rejects.toThrow(`Error code ${error}`);
    expect((await clientFor({ scopes: ['plain.read'] }).getAccessToken()).token).toMatch(/^once_/);
  });
});
