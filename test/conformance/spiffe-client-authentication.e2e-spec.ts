import { JWT_SPIFFE, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { TrustDomains, type SvidCaller } from '../support/deployment/svid-caller.ts';

/** draft-ietf-oauth-spiffe-client-auth: a workload shows the JWT-SVID that its platform has given to it. */
let domains: TrustDomains;
let caller: SvidCaller;
const broker = useBroker(async () => {
  domains = await TrustDomains.start();
  return { clients: () => domains.clients() };
});
beforeAll(() => {
  caller = domains.refunder(broker.deployment);
});
afterAll(() => domains.stop());

it('RFC 8414 §2: the metadata name the method', async () => {
  const response = await fetch(`${broker.deployment.issuer}/.well-known/oauth-authorization-server`);
  expect(await response.json()).toMatchObject({
    token_endpoint_auth_methods_supported: expect.arrayContaining(['spiffe_jwt']) as unknown,
  });
});

it.each<[string, Claims]>([
  ['without iss', {}],
  ['with iss', { iss: 'https://oidc.prod.example' }],
  ['of another workload below the registered path', { sub: 'spiffe://prod.example/ns/a/sa/biller' }],
])(
  'C-18, SPIFFE client authentication: an SVID %s is taken, again and again, and its tokens are bound',
  async (_, claims) => {
    const assertion = caller.workloadToken(claims);
    for (const client_id of [undefined, 'refunder']) {
      const token = await caller.token({ client_assertion: assertion, client_id });
      const { body } = await caller.introspect(token);
      expect(body).toMatchObject({
        active: true,
        client_id: 'refunder',
        cnf: { jkt: caller.device.thumbprint },
      });
    }
  },
);

it.each<[string, () => string]>([
  [
    'check 27, C-18: an SVID of another trust domain, signed with a key of this one',
    () => caller.workloadToken({ sub: 'spiffe://test.example/ns/a/sa/refunder' }),
  ],
  [
    'check 27, C-18: an SVID of this trust domain, signed with a key of another',
    () => caller.workloadToken({}, { kid: domains.testKey.kid }, domains.testKey),
  ],
])('%s is refused', async (_, svid) => {
  expectError(await caller.exchange({ client_assertion: svid() }), '401 invalid_client');
  expect((await caller.exchange()).status).toBe(200);
});

it.each<[string, Claims]>([
  ['for another audience', { aud: 'https://other.example' }],
  ['for one audience more', { aud: ['https://other.example'] }],
  ['without an end', { exp: undefined }],
  ['that is over', { exp: Math.floor(Date.now() / 1000) - 60 }],
  ['without a subject', { sub: undefined }],
])('SPIFFE client authentication: an SVID %s is refused', async (_, claims) => {
  const more = Array.isArray(claims['aud']) ? { aud: [broker.deployment.issuer, ...claims['aud']] } : claims;
  const answer = await caller.exchange({ client_assertion: caller.workloadToken(more) });
  expectError(answer, '401 invalid_client');
  expect((await caller.exchange()).status).toBe(200);
});

it.each<[string, Parameters, string]>([
  ['another client_id', { client_id: 'tester' }, '401 invalid_client'],
  ['an unknown type of assertion', { client_assertion_type: `${JWT_SPIFFE}-x` }, '400 invalid_request'],
  ['no type', { client_assertion_type: undefined }, '400 invalid_request'],
])('SPIFFE client authentication: with %s it is refused', async (_, changes, error) => {
  expectError(await caller.exchange(changes), error);
  expect((await caller.exchange()).status).toBe(200);
});

it('SPIFFE client authentication: it earns nothing without a proof of a key, for it can be copied', async () => {
  expectError(await caller.exchange({}, null), '400 invalid_dpop_proof');
});
