import { HOSTILE_JWTS } from '../support/hostile-jwts.ts';
import {
  Caller,
  JWT_BEARER,
  TOKEN_EXCHANGE,
  type Answer,
  type Claims,
} from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { IssuerServer } from '../support/deployment/issuer-server.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { WorkloadCaller } from '../support/deployment/workload-caller.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** As a bound service account token has them. */
const POD = {
  sub: 'system:serviceaccount:shop:orders',
  'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'orders', uid: '9f3e' } },
};
const RULES = { '/kubernetes.io/namespace': 'shop', '/kubernetes.io/serviceaccount/name': 'orders' };
const SVID = 'spiffe://prod.example/ns/shop/sa/other';
const REFUSED = '401 invalid_token';

let deployment: Deployment;
let records: Records;
let cluster: IssuerServer;
let caller: Caller;
let pod: WorkloadCaller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  cluster = await IssuerServer.start();
  const common = {
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
  };
  deployment = await deploy({
    databaseUrl: url,
    servers: {
      orders: { jwks: undefined, federation: { issuer: cluster.url, claims: RULES } },
      other: {
        jwks: undefined,
        spiffe: { spiffe_id: SVID, spiffe_bundle_endpoint: `${cluster.url}/bundle` },
      },
    },
    // The same pod calls other APIs as well; and a job of the cluster is a client and nothing else.
    clients: () => [
      { ...common, client_id: 'orders-pod', federation: { issuer: cluster.url, claims: RULES } },
      {
        ...common,
        client_id: 'job',
        federation: { issuer: cluster.url, claims: { '/kubernetes.io/namespace': 'jobs' } },
      },
    ],
  });
  records = await Records.open(url);
  caller = new Caller(deployment);
  pod = new WorkloadCaller(deployment, cluster, POD);
}, 60_000);
afterEach(async () => {
  const token = await caller.token();
  expect((await caller.introspectWith(pod.workloadToken(), token)).body['active']).toBe(true);
});
afterAll(async () => {
  await records?.close();
  await Promise.all([deployment?.stop(), cluster?.stop()]);
});

it('RFC 7662 §2.1: the same token of its platform again and again, and each token that it asks about once', async () => {
  const bearer = pod.workloadToken();
  for (let time = 0; time < 2; time++) {
    const token = await caller.token();
    expect((await caller.introspectWith(bearer, token)).body['active']).toBe(true);
    const again = await caller.introspectWith(bearer, token, { client_id: 'orders-api' });
    expect(again.text).toBe('{"active":false}');
    expect(await records.eventOf(again)).toMatchObject({
      reason: 'token.already_spent',
      callerId: 'orders-api',
      callerMethod: 'federation',
      workload: { issuer: cluster.url, subject: POD.sub },
    });
  }
});

it('a copy of it tells nothing of tokens for another API, and the other one asks with its SVID', async () => {
  const token = await caller.token();
  const svid = pod.workloadToken({ iss: undefined, sub: SVID });
  const foreign = await caller.introspectWith(svid, token);
  expect(foreign.text).toBe('{"active":false}');
  expect(await records.eventOf(foreign)).toMatchObject({
    reason: 'token.wrong_audience',
    callerId: 'other-api',
    callerMethod: 'spiffe_jwt',
  });
  expect((await caller.introspectWith(pod.workloadToken(), token)).body['active']).toBe(true);
});

it('a workload that is client and resource server is looked for as what the endpoint is for', async () => {
  const token = await pod.token();
  const { body } = await caller.introspectWith(pod.workloadToken(), token, {
    dpop_proof: pod.apiProof(token),
  });
  expect(body).toMatchObject({ active: true, client_id: 'orders-pod' });
});

interface Bad {
  readonly name: string;
  readonly claims?: Claims;
  readonly header?: Claims;
  readonly reason: string;
}

const now = Math.floor(Date.now() / 1000);
const elsewhere = (change: object): Claims => ({ 'kubernetes.io': { ...POD['kubernetes.io'], ...change } });

it.each<Bad>([
  { name: 'C-19: another namespace', claims: elsewhere({ namespace: 'test' }), reason: 'bearer.unmatched' },
  {
    name: 'C-19: another account',
    claims: elsewhere({ serviceaccount: { name: 'x' } }),
    reason: 'bearer.unmatched',
  },
  { name: 'another cluster', claims: { iss: 'https://evil.example' }, reason: 'bearer.unmatched' },
  { name: 'a client that is none', claims: elsewhere({ namespace: 'jobs' }), reason: 'bearer.unmatched' },
  { name: 'another audience', claims: { aud: 'sts.example' }, reason: 'bearer.wrong_audience' },
  {
    name: 'the introspection endpoint as audience',
    claims: { aud: 'https://broker.example/introspect' },
    reason: 'bearer.wrong_audience',
  },
  { name: 'no audience', claims: { aud: undefined }, reason: 'bearer.wrong_audience' },
  { name: 'an expired token', claims: { exp: now - 60 }, reason: 'bearer.wrong_time' },
  { name: 'C-19: a legacy token without end', claims: { exp: undefined }, reason: 'bearer.wrong_time' },
  { name: 'a token of a year', claims: { exp: now + 31_536_000 }, reason: 'bearer.wrong_time' },
  { name: 'a logout token', header: { typ: 'logout+jwt' }, reason: 'bearer.wrong_kind' },
  { name: 'an access token', header: { typ: 'at+jwt' }, reason: 'bearer.wrong_kind' },
])('$name is nobody’s, and spends nothing', async ({ claims, header, reason }) => {
  const token = await caller.token();
  const answer = await caller.introspectWith(pod.workloadToken(claims, header), token);
  await expectRefusal(answer, records, { answer: REFUSED, reason });
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="oncekey", error="invalid_token"');
  expect((await caller.introspectWith(pod.workloadToken(), token)).body['active']).toBe(true);
});

it.each(Object.entries(HOSTILE_JWTS))('%s is no bearer token', async (_, spoil) => {
  const token = await caller.token();
  const answer = await caller.introspectWith(spoil(pod.workloadToken(), cluster.key), token);
  expect([400, 401]).toContain(answer.status);
  expect(['invalid_token', 'invalid_request']).toContain(answer.body['error']);
  expect(String((await records.eventOf(answer)).reason)).toMatch(/^(?:bearer\.|request\.malformed)/);
});

it('our own tokens are none either', async () => {
  const token = await caller.token();
  const signed = await caller.introspectText(
    token,
    { client_assertion: undefined, client_assertion_type: undefined },
    { authorization: `Bearer ${pod.workloadToken()}`, accept: 'application/token-introspection+jwt' },
  );
  expect(signed.headers.get('content-type')).toContain('token-introspection+jwt');
  const own: readonly [string, string][] = [
    [signed.text, 'bearer.wrong_kind'],
    [await caller.token(), 'bearer.malformed'],
    [deployment.issuerServer.idToken(), 'bearer.unmatched'],
    [deployment.issuerServer.idToken({ ...POD, aud: deployment.issuer }), 'bearer.unmatched'],
    [caller.assertion(), 'bearer.wrong_kind'],
    [caller.assertion({}, { typ: 'JWT' }), 'bearer.unmatched'],
    [caller.serverAssertion('self-api', deployment.keys.selfServer), 'bearer.wrong_kind'],
  ];
  for (const [bearer, reason] of own) {
    await expectRefusal(await caller.introspectWith(bearer, 'once_x'), records, { answer: REFUSED, reason });
  }
});

it('a key of a stranger signs for nobody', async () => {
  const stranger = makeSigningKey();
  const forged = pod.workloadToken({}, { kid: cluster.key.kid }, stranger);
  const answer = await caller.introspectWith(forged, 'once_x');
  await expectRefusal(answer, records, { answer: REFUSED, reason: 'bearer.bad_signature' });
});

it('check 26: it is the only way in a request', async () => {
  const token = await caller.token();
  const client_assertion = caller.serverAssertion('self-api', deployment.keys.selfServer);
  for (const beside of [{ client_assertion, client_assertion_type: JWT_BEARER }, { client_secret: 's' }]) {
    const answer = await caller.introspectWith(pod.workloadToken(), token, beside);
    await expectRefusal(answer, records, {
      answer: '400 invalid_request',
      reason: 'client.several_methods',
    });
  }
});

it('D6: at the token endpoint it earns nothing, and is no bearer token there', async () => {
  const token = await caller.token();
  await caller.introspectWith(pod.workloadToken(), token);
  const txn = {
    grant_type: TOKEN_EXCHANGE,
    requested_token_type: 'urn:ietf:params:oauth:token-type:txn_token',
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: deployment.issuer,
    scope: 'orders.refund',
  };
  const assertion = { client_assertion: pod.workloadToken(), client_assertion_type: JWT_BEARER };
  const answers: readonly Answer[] = [
    await caller.post('/token', { ...txn, ...assertion }),
    await caller.askCallerToken(assertion),
  ];
  for (const answer of answers) {
    await expectRefusal(answer, records, {
      answer: '400 unauthorized_client',
      reason: 'client.key_needed',
    });
  }
  const bearer = { authorization: `Bearer ${pod.workloadToken()}` };
  for (const answer of [
    await caller.post('/token', txn, bearer),
    await caller.post('/revoke', { token }, bearer),
  ]) {
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason: 'client.secret_refused' });
  }
});

it('K-07: a platform that does not answer is 503, and nobody is taken for a stranger', async () => {
  cluster.failure = { status: 500, body: '' };
  try {
    const unknown = makeSigningKey();
    const answer = await caller.introspectWith(
      pod.workloadToken({}, { kid: unknown.kid }, unknown),
      'once_x',
    );
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  } finally {
    cluster.failure = null;
  }
});

it('C-15: a registration that is disabled is nobody’s within a second', async () => {
  const set = (enabled: boolean): Promise<unknown> =>
    records.rows(`UPDATE resource_server SET enabled = $1 WHERE id = 'orders'`, [enabled]);
  const status = async (): Promise<number> =>
    (await caller.introspectWith(pod.workloadToken(), 'once_x')).status;
  await set(false);
  await eventually(async () => (await status()) === 401, 5_000);
  await set(true);
  await eventually(async () => (await status()) === 200, 5_000);
});
