import { Caller, JWT_SPIFFE, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { IssuerServer } from '../support/deployment/issuer-server.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey, type SigningKey } from '../support/deployment/signing-key.ts';
import { WorkloadCaller } from '../support/deployment/workload-caller.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const REFUNDER = 'spiffe://prod.example/ns/a/sa/refunder';

/** As SPIRE makes them: no issuer, no id. */
const SVID = { iss: undefined, sub: REFUNDER, jti: undefined };

class SvidCaller extends WorkloadCaller {
  override parameters(changes: Parameters = {}): Parameters {
    return super.parameters({ client_assertion_type: JWT_SPIFFE, ...changes });
  }
}

let deployment: Deployment;
let records: Records;
let prod: IssuerServer;
let caller: SvidCaller;
const ofTestDomain: SigningKey = makeSigningKey();

beforeAll(async () => {
  const { url } = await freshDatabase();
  prod = await IssuerServer.start();
  const common = {
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
  };
  const { alg: _, ...key } = ofTestDomain.publicJwk;
  deployment = await deploy({
    databaseUrl: url,
    clients: () => [
      {
        ...common,
        client_id: 'refunder',
        spiffe: { spiffe_id: 'spiffe://prod.example/ns/a/*', spiffe_bundle_endpoint: `${prod.url}/bundle` },
      },
      {
        ...common,
        client_id: 'tester',
        spiffe: {
          spiffe_id: 'spiffe://test.example/ns/a/sa/refunder',
          bundle: { keys: [{ ...key, use: 'jwt-svid' }] },
        },
      },
    ],
  });
  records = await Records.open(url);
  caller = new SvidCaller(deployment, prod, SVID);
}, 60_000);
afterEach(async () => {
  await expectServed(new Caller(deployment));
  await expectServed(caller);
});
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
  await prod?.stop();
});

it.each<[string, Claims]>([
  ['without iss', {}],
  ['with iss', { iss: 'https://oidc.prod.example' }],
  ['of another workload below the path', { sub: 'spiffe://prod.example/ns/a/sa/biller' }],
])('C-18, D6: an SVID %s is taken, again and again, and its tokens are bound', async (_, claims) => {
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
});

it('D6: without a proof there is nothing for it', async () => {
  await expectRefusal(await caller.exchange({}, null), records, {
    answer: '400 invalid_dpop_proof',
    reason: 'device.proof_missing',
  });
});

interface Bad {
  readonly name: string;
  readonly claims?: Claims;
  readonly key?: () => SigningKey;
  readonly changes?: Parameters;
  readonly reason: string;
}

it.each<Bad>([
  {
    name: 'check 27, C-18: another trust domain, signed with a key of this one',
    claims: { sub: 'spiffe://test.example/ns/a/sa/refunder' },
    reason: 'client.bad_signature',
  },
  {
    name: 'check 27, C-18: this trust domain, signed with a key of another',
    key: () => ofTestDomain,
    reason: 'client.bad_signature',
  },
  {
    name: 'C-18: a trust domain that nobody registered',
    claims: { sub: 'spiffe://evil.example/ns/a/sa/refunder' },
    reason: 'client.unmatched',
  },
  {
    name: 'C-18: /ns/ab for /ns/a',
    claims: { sub: 'spiffe://prod.example/ns/ab/x' },
    reason: 'client.unmatched',
  },
  {
    name: 'C-18: an uppercase trust domain',
    claims: { sub: REFUNDER.replace('prod', 'PROD') },
    reason: 'client.unmatched',
  },
  { name: 'dots', claims: { sub: 'spiffe://prod.example/ns/a/../b/x' }, reason: 'client.unmatched' },
  { name: 'another client_id', changes: { client_id: 'tester' }, reason: 'client.unmatched' },
  {
    name: 'the token endpoint as audience',
    claims: { aud: 'https://elsewhere.example' },
    reason: 'client.wrong_audience',
  },
  { name: 'no exp', claims: { exp: undefined }, reason: 'client.wrong_time' },
])('refuses $name', async ({ claims, key, changes, reason }) => {
  const assertion = caller.workloadToken(claims, key === undefined ? {} : { kid: key().kid }, key?.());
  const answer = await caller.exchange({ client_assertion: assertion, ...changes });
  await expectRefusal(answer, records, { answer: '401 invalid_client', reason });
});

it.each([
  ['an SVID as if the client had signed it', { client_assertion_type: undefined }, '400 invalid_request'],
  ['an unknown type of assertion', { client_assertion_type: `${JWT_SPIFFE}x` }, '400 invalid_request'],
])('C-07: refuses %s', async (_, changes, answer) => {
  await expectRefusal(await caller.exchange(changes), records, { answer, reason: 'request.malformed' });
});

it('C-07: an assertion of the client’s own is no SVID', async () => {
  const answer = await caller.exchange({ client_assertion: new Caller(deployment).assertion() });
  await expectRefusal(answer, records, { answer: '401 invalid_client', reason: 'client.wrong_kind' });
});
