import { randomUUID } from 'node:crypto';
import type { AdminCaller } from '../support/deployment/admin-caller.ts';
import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import { askTransactionToken } from '../support/deployment/call-chain.ts';
import { Caller, ID_TOKEN, type Answer, type Parameters } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { IssuerServer } from '../support/deployment/issuer-server.ts';
import { Records } from '../support/deployment/records.ts';
import { makeSigningKey, signJwt } from '../support/deployment/signing-key.ts';
import { TrustDomains, type SvidCaller } from '../support/deployment/svid-caller.ts';
import { BatchCaller, DOMAIN, JWT } from '../support/deployment/trust-domain.ts';
import { WorkloadCaller } from '../support/deployment/workload-caller.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const READ = `${API}/orders/42`;
const seconds = (): number => Math.floor(Date.now() / 1000);

let deployment: Deployment;
let administration: Administration;
let admin: AdminCaller;
let records: Records;
let domains: TrustDomains;
let cluster: IssuerServer;
let service: SvidCaller;
let pod: WorkloadCaller;
let batch: BatchCaller;
let elsewhere: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  domains = await TrustDomains.start();
  cluster = await IssuerServer.start();
  const batchKey = makeSigningKey();
  const bundle = { spiffe_bundle_endpoint: `${domains.prod.url}/bundle` };
  const common = {
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
  };
  deployment = await deploy({
    databaseUrl: url,
    brokers: 2,
    clients: () => [
      ...domains.clients(),
      { ...common, client_id: 'pods', federation: { issuer: cluster.url, claims: { namespace: 'pay' } } },
      {
        ...common,
        client_id: 'batch',
        jwks: { keys: [batchKey.publicJwk] },
        workloads: [
          { spiffe_id: `${DOMAIN}/ns/pay/*`, ...bundle },
          { spiffe_id: `${DOMAIN}/ns/agents/*`, ...bundle, as: 'actor' },
        ],
      },
    ],
  });
  administration = await startAdministration(deployment);
  ({ admin } = administration);
  records = await Records.open(url);
  service = domains.refunder(deployment);
  pod = new WorkloadCaller(deployment, cluster, { namespace: 'pay', sub: 'system:serviceaccount:pay:first' });
  batch = new BatchCaller(deployment, batchKey, () => svid(`${DOMAIN}/ns/pay/sa/first`, 0));
  elsewhere = new Caller(deployment, 1);
}, 90_000);
afterEach(() => expectServed(new Caller(deployment)));
afterAll(async () => {
  await records?.close();
  await administration?.stop();
  await deployment?.stop();
  await cluster?.stop();
  await domains?.stop();
});

/** Made so many seconds from now. */
function svid(sub: string, fromNow: number): string {
  const iat = seconds() + fromNow;
  const { key } = domains.prod;
  return signJwt({ typ: 'JWT', kid: key.kid }, { sub, aud: [deployment.issuer], iat, exp: iat + 300 }, key);
}

/** One that reads an order by the word of its platform, made so many seconds from now. */
interface Worker {
  readonly is: string;
  readonly by: () => Caller;
  readonly issuer: () => string;
  readonly name: () => string;
  readonly word: (name: string, fromNow: number) => Parameters;
  readonly refused: string;
}

const WORKERS: readonly Worker[] = [
  {
    is: 'a client that shows its SVID',
    by: () => service,
    issuer: () => DOMAIN,
    name: () => `${DOMAIN}/ns/a/sa/${randomUUID()}`,
    word: (name, fromNow) => ({ client_assertion: svid(name, fromNow) }),
    refused: 'client.revoked',
  },
  {
    is: 'a client that shows the token of its platform',
    by: () => pod,
    issuer: () => cluster.url,
    name: () => `system:serviceaccount:pay:${randomUUID()}`,
    word: (sub, fromNow) => ({
      client_assertion: pod.workloadToken({ sub, iat: seconds() + fromNow, exp: seconds() + 300 }),
    }),
    refused: 'client.revoked',
  },
  {
    is: 'a subject',
    by: () => batch,
    issuer: () => DOMAIN,
    name: () => `${DOMAIN}/ns/pay/sa/${randomUUID()}`,
    word: (name, fromNow) => ({ subject_token: svid(name, fromNow) }),
    refused: 'subject.revoked',
  },
  {
    is: 'an actor',
    by: () => batch,
    issuer: () => DOMAIN,
    name: () => `${DOMAIN}/ns/agents/sa/${randomUUID()}`,
    word: (name, fromNow) => ({
      subject_token: deployment.issuerServer.idToken(),
      subject_token_type: ID_TOKEN,
      actor_token: svid(name, fromNow),
      actor_token_type: JWT,
    }),
    refused: 'subject.revoked',
  },
];

const reading = (caller: Caller): Parameters => ({
  authorization_details: caller.details({ actions: ['GET'], target_uri: READ, content_digest: undefined }),
});
const ask = ({ by, word }: Worker, name: string, fromNow: number): Promise<Answer> =>
  by().exchange({ ...word(name, fromNow), ...reading(by()) });
const tokenOf = async (worker: Worker, name: string, fromNow: number): Promise<string> => {
  const { status, body, text } = await ask(worker, name, fromNow);
  expect([status, text]).toEqual([200, text]);
  return String(body['access_token']);
};
/** What becomes of it at the other broker. */
const spend = async ({ by }: Worker, token: string): Promise<string> => {
  const dpop_proof = by().apiProof(token, { htm: 'GET', htu: READ });
  const changes = { http_method: 'GET', http_target_uri: READ, content_digest: undefined, dpop_proof };
  const answer = await elsewhere.introspect(token, changes);
  return answer.body['active'] === true ? 'active' : String((await records.eventOf(answer)).reason);
};
const outcome = async (answer: Answer): Promise<string> =>
  answer.status === 200 ? 'permitted' : String((await records.eventOf(answer)).reason);

const revoke = (body: object): Promise<Answer> => admin.post('/revocations', body);
const lift = (body: object): Promise<Answer> => admin.post('/revocations/lift', body);

describe.each(WORKERS)('X-17 a workload that is $is', (worker) => {
  it('is revoked by its name: its tokens are dead, its old word earns none, and the next one does', async () => {
    const [name, other] = [worker.name(), worker.name()];
    const tokens = [await tokenOf(worker, name, -5), await tokenOf(worker, other, -5)];
    const answer = await revoke({ issuer: worker.issuer(), subject: name });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        issuer: worker.issuer(),
        subject: name,
        blocked: false,
        dead_until: expect.stringMatching(/Z$/) as unknown,
        changed_at: expect.stringMatching(/Z$/) as unknown,
      },
    ]);
    expect(await Promise.all(tokens.map((token) => spend(worker, token)))).toEqual([
      'token.revoked',
      'active',
    ]);
    expect(await outcome(await ask(worker, name, -5))).toBe(worker.refused);
    expect(await outcome(await ask(worker, other, -5))).toBe('permitted');
    expect(await spend(worker, await tokenOf(worker, name, 3))).toBe('active');
  });

  it('is blocked by its name until that is lifted, and what was dead stays so', async () => {
    const name = worker.name();
    const whose = { issuer: worker.issuer(), subject: name };
    const token = await tokenOf(worker, name, 0);
    expect((await revoke({ ...whose, block: true })).body).toMatchObject({ ...whose, blocked: true });
    expect((await revoke(whose)).body).toMatchObject({ blocked: true });
    expect(await outcome(await ask(worker, name, 5))).toBe(worker.refused);
    expect((await lift(whose)).body).toMatchObject({ ...whose, blocked: false });
    expect(await spend(worker, token)).toBe('token.revoked');
    expect(await outcome(await ask(worker, name, -5))).toBe(worker.refused);
    expect(await spend(worker, await tokenOf(worker, name, 3))).toBe('active');
  });
});

// What is revoked here is revoked for all tests: those above have made their tokens by then, and later words are good.
it.each(WORKERS)('X-17 with whoever vouches for it falls $is, and nobody else', async (worker) => {
  const name = worker.name();
  const stranger = WORKERS.find(({ issuer }) => issuer() !== worker.issuer());
  if (stranger === undefined) throw new Error('nobody else vouches for anybody');
  const strange = stranger.name();
  const tokens = [await tokenOf(worker, name, 3), await tokenOf(stranger, strange, 3)];
  const whose = { issuer: worker.issuer() };
  expect((await revoke({ ...whose, block: true })).body).toMatchObject({ ...whose, blocked: true });
  expect(await spend(worker, tokens[0] ?? '')).toBe('token.revoked');
  expect(await spend(stranger, tokens[1] ?? '')).toBe('active');
  expect(await outcome(await ask(worker, name, 5))).toBe(worker.refused);
  expect(await outcome(await ask(stranger, strange, 5))).toBe('permitted');
  expect((await lift(whose)).body).toMatchObject({ ...whose, blocked: false });
  expect(await spend(worker, await tokenOf(worker, name, 5))).toBe('active');
});

it('X-17 what a revoked workload has begun is not carried on in a transaction', async () => {
  const sub = `${DOMAIN}/ns/a/sa/${randomUUID()}`;
  const client_assertion = svid(sub, 5);
  const token = await service.token({ client_assertion });
  expect((await service.introspect(token)).body['active']).toBe(true);
  const { status, body } = await askTransactionToken(service, token);
  expect(status).toBe(200);
  const again = (): Promise<Answer> =>
    askTransactionToken(service, String(body['access_token']), {
      subject_token_type: 'urn:ietf:params:oauth:token-type:txn_token',
    });
  expect((await again()).status).toBe(200);
  await revoke({ issuer: DOMAIN, subject: sub, block: true });
  expect([await outcome(await askTransactionToken(service, token)), await outcome(await again())]).toEqual([
    'client.revoked',
    'client.revoked',
  ]);
});

it('a user is revoked by name, too: the sign-in is over, and another one is good', async () => {
  const caller = new Caller(deployment);
  const sub = `user-${randomUUID()}`;
  const signedIn = (fromNow: number): Parameters => {
    const at = seconds() + fromNow;
    return { subject_token: deployment.issuerServer.idToken({ sub, iat: at, auth_time: at }) };
  };
  const token = await caller.token(signedIn(-5));
  expect((await revoke({ issuer: deployment.issuerServer.url, subject: sub })).status).toBe(200);
  expect((await caller.introspect(token)).text).toBe('{"active":false}');
  expect(await outcome(await caller.exchange(signedIn(-5)))).toBe('subject.revoked');
  expect(await outcome(await caller.exchange(signedIn(3)))).toBe('permitted');
});
