import { createOncekeyClient, type OncekeyClientOptions, type StepUp } from '#client';
import { createGuard, stepUpRefusal, type Guard, type StepUpDemands } from '#resource-server';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const SECURE = `${API}/orders/42/secure`;
const REFUND = `${API}/orders/42/refund`;

const seconds = (): number => Math.floor(Date.now() / 1000);

/** Client, broker, policies, guard: the login is run again, by the word of the policy or of the API. */
describe('step-up', () => {
  let deployment: Deployment;
  let guard: Guard;
  beforeAll(async () => {
    const { url } = await freshDatabase();
    deployment = await deploy({ databaseUrl: url });
    guard = createGuard({
      issuer: deployment.issuer,
      clientId: 'orders-api',
      privateKey: deployment.keys.server.privateKey,
      keyId: deployment.keys.server.kid,
      resource: API,
    });
  }, 60_000);
  afterAll(async () => {
    guard.close();
    await deployment.stop();
  });

  /** Sends what is for the API to the guard, as a server would, and everything else on its way. */
  const fetchWith =
    (demands: StepUpDemands): typeof fetch =>
    async (input, init) => {
      const request = new Request(input, init);
      if (!request.url.startsWith(API)) return fetch(request);
      const { host, pathname } = new URL(request.url);
      const decision = await guard.check({
        method: request.method,
        rawUrl: pathname,
        rawHeaders: ['Host', host, ...[...request.headers].flat()],
        rawBody: new Uint8Array(await request.arrayBuffer()),
      });
      const refusal = decision.granted ? stepUpRefusal(decision.grant, demands) : decision.refusal;
      if (refusal !== null) {
        return Response.json(refusal.body, { status: refusal.status, headers: refusal.headers });
      }
      if (!decision.granted) throw new Error('it was refused without a refusal');
      const { subject, acr, authTime } = decision.grant;
      return Response.json({ subject, acr, authTime });
    };

  function clientWith(options: Partial<OncekeyClientOptions>, demands: StepUpDemands = {}) {
    const { client } = deployment.keys;
    return createOncekeyClient({
      issuer: deployment.issuer,
      clientId: 'desk',
      clientKey: { ...client.privateKey.export({ format: 'jwk' }), kty: 'EC', kid: client.kid },
      subjectToken: () => deployment.issuerServer.idToken({ acr: 'pwd', auth_time: seconds() - 4000 }),
      resources: [API],
      fetch: fetchWith(demands),
      ...options,
    });
  }

  const signInAgain = (asked: StepUp[]) => (stepUp: StepUp) => {
    asked.push(stepUp);
    return deployment.issuerServer.idToken({ acr: stepUp.acrValues[0], auth_time: seconds() - 1 });
  };

  it('check 65: without another sign-in the error says what is wanting', async () => {
    const client = clientWith({});
    await expect(client.fetch(SECURE, { method: 'POST' })).rejects.toMatchObject({
      code: 'insufficient_user_authentication',
      status: 400,
      stepUp: { acrValues: ['phr'], maxAgeSeconds: 300 },
    });
  });

  it('check 65: a policy has the login run again, and acr and auth_time arrive unchanged', async () => {
    const asked: StepUp[] = [];
    const client = clientWith({ onStepUp: signInAgain(asked) });
    const response = await client.fetch(SECURE, { method: 'POST' });
    expect([response.status, await response.json()]).toEqual([
      200,
      { subject: 'ada', acr: 'phr', authTime: expect.closeTo(seconds() - 1, -1) as number },
    ]);
    expect(asked).toEqual([{ acrValues: ['phr'], maxAgeSeconds: 300 }]);
  });

  it('an API has the login run again by a challenge of RFC 9470', async () => {
    const asked: StepUp[] = [];
    const client = clientWith(
      { onStepUp: signInAgain(asked) },
      { acrValues: ['phrh'], maxAuthAgeSeconds: 60 },
    );
    const response = await client.fetch(REFUND, { method: 'POST', body: '{"amount":5}' });
    expect([response.status, await response.json()]).toMatchObject([200, { acr: 'phrh' }]);
    expect(asked).toEqual([{ acrValues: ['phrh'], maxAgeSeconds: 60 }]);
  });

  it('a challenge is handed on where nobody signs in again', async () => {
    const client = clientWith({}, { maxAuthAgeSeconds: 60 });
    const response = await client.fetch(REFUND, { method: 'POST', body: '{"amount":5}' });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_user_authentication"');
  });
});
