import { Caller, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { IssuerServer } from '../support/deployment/issuer-server.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { WorkloadCaller } from '../support/deployment/workload-caller.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** As GitHub's OIDC tokens have them. */
const JOB = {
  sub: 'repo:acme/shop:environment:production',
  jti: 'one-and-the-same',
  repository: 'acme/shop',
  repository_id: '1296269',
  repository_owner: 'acme',
  repository_owner_id: '9919',
  ref: 'refs/heads/main',
  ref_type: 'branch',
  environment: 'production',
  job_workflow_ref: 'acme/shop/.github/workflows/release.yml@refs/heads/main',
};

/** As a bound service account token has them. */
const POD = {
  sub: 'system:serviceaccount:payments:refunder',
  'kubernetes.io': {
    namespace: 'payments',
    pod: { name: 'refunder-5d', uid: '5c0b' },
    serviceaccount: { name: 'refunder', uid: '9f3e' },
  },
};

let deployment: Deployment;
let records: Records;
let ci: IssuerServer;
let cluster: IssuerServer;
let honest: Caller;
let job: WorkloadCaller;
let pod: WorkloadCaller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  ci = await IssuerServer.start();
  cluster = await IssuerServer.start();
  const common = {
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
  };
  const { repository_id, repository_owner_id, ref, environment, job_workflow_ref } = JOB;
  const ofRepository = { repository_id, repository_owner_id };
  const federated = (client_id: string, issuer: IssuerServer, claims: Claims): object => ({
    ...common,
    client_id,
    federation: { issuer: issuer.url, claims },
  });
  deployment = await deploy({
    databaseUrl: url,
    clients: () => [
      federated('release', ci, { ...ofRepository, ref, environment, job_workflow_ref }),
      federated('refunder', cluster, {
        '/kubernetes.io/namespace': 'payments',
        '/kubernetes.io/serviceaccount/name': 'refunder',
        '/kubernetes.io/serviceaccount/uid': '9f3e',
      }),
    ],
  });
  records = await Records.open(url);
  honest = new Caller(deployment);
  job = new WorkloadCaller(deployment, ci, JOB);
  pod = new WorkloadCaller(deployment, cluster, POD);
}, 60_000);
afterEach(async () => {
  await expectServed(honest);
  await expectServed(job);
  await expectServed(pod);
});
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
  await Promise.all([ci?.stop(), cluster?.stop()]);
});

it('D6: the same token again is no replay, each token that it earns is bound, and the workload is on record', async () => {
  const assertion = job.workloadToken();
  const tokens = [
    await job.token({ client_assertion: assertion }),
    await job.token({ client_assertion: assertion, client_id: 'release' }),
  ];
  for (const token of tokens) {
    const { body } = await job.introspect(token);
    expect(body).toMatchObject({ active: true, client_id: 'release', cnf: { jkt: job.device.thumbprint } });
  }
  const events = await records.rows<{ event: object }>(
    `SELECT event FROM audit_event WHERE event ->> 'callerId' = 'release' AND outcome = 'permitted' LIMIT 1`,
  );
  expect(events[0]?.event).toMatchObject({
    callerMethod: 'federation',
    workload: { issuer: ci.url, subject: JOB.sub },
  });
});

it('D6: without a proof there is nothing for it', async () => {
  await expectRefusal(await job.exchange({}, null), records, {
    answer: '400 invalid_dpop_proof',
    reason: 'device.proof_missing',
  });
});

interface BadToken {
  readonly name: string;
  readonly claims?: Claims;
  readonly changes?: Parameters;
  readonly reason: string;
}

const STOLEN = makeSigningKey();

const BAD_JOBS: BadToken[] = [
  {
    name: 'C-20: a pull request of a fork',
    claims: { ref: 'refs/pull/7/merge', environment: undefined, repository_id: '555' },
    reason: 'client.unmatched',
  },
  {
    name: 'C-20: a repository of the same name, of an owner who took the name over',
    claims: { repository_owner_id: '31337' },
    reason: 'client.unmatched',
  },
  { name: 'C-20: a repository made anew', claims: { repository_id: '4' }, reason: 'client.unmatched' },
  { name: 'C-20: the tag main', claims: { ref: 'refs/tags/main' }, reason: 'client.unmatched' },
  {
    name: 'C-20: another workflow',
    claims: { job_workflow_ref: 'acme/shop/.github/workflows/test.yml@refs/heads/main' },
    reason: 'client.unmatched',
  },
  { name: 'C-20: no environment', claims: { environment: undefined }, reason: 'client.unmatched' },
  { name: 'a client of another platform', changes: { client_id: 'refunder' }, reason: 'client.unmatched' },
  { name: 'a client with keys of its own', changes: { client_id: 'desk' }, reason: 'client.unmatched' },
  {
    name: 'the audience of another service',
    claims: { aud: 'sts.example' },
    reason: 'client.wrong_audience',
  },
  {
    name: 'an expired token',
    claims: { exp: Math.floor(Date.now() / 1000) - 60 },
    reason: 'client.wrong_time',
  },
];

it.each(BAD_JOBS)('a CI job is refused for $name', async ({ claims, changes, reason }) => {
  const before = await records.counts();
  const answer = await job.exchange({ client_assertion: job.workloadToken(claims), ...changes });
  await expectRefusal(answer, records, { answer: '401 invalid_client', reason });
  expect(await records.counts()).toEqual(before);
});

it('a CI job is refused for a signature that is not the platform’s', async () => {
  const forged = job.workloadToken({}, {}, { ...STOLEN, kid: ci.key.kid });
  await expectRefusal(await job.exchange({ client_assertion: forged }), records, {
    answer: '401 invalid_client',
    reason: 'client.bad_signature',
  });
});

const WITHOUT = { aud: undefined, exp: undefined };

it.each<BadToken>([
  {
    name: 'C-19: another namespace',
    claims: { 'kubernetes.io': { ...POD['kubernetes.io'], namespace: 'payments-test' } },
    reason: 'client.unmatched',
  },
  {
    name: 'C-19: an account that was made again under its name',
    claims: { 'kubernetes.io': { ...POD['kubernetes.io'], serviceaccount: { name: 'refunder', uid: 'a' } } },
    reason: 'client.unmatched',
  },
  {
    name: 'C-19: flat claims that look like nested ones',
    claims: { 'kubernetes.io': undefined, '/kubernetes.io/namespace': 'payments' },
    reason: 'client.unmatched',
  },
  { name: 'C-19: a legacy token from a secret', claims: WITHOUT, reason: 'client.wrong_audience' },
  { name: 'C-19: no exp', claims: { exp: undefined }, reason: 'client.wrong_time' },
  {
    name: 'us and the API server',
    claims: { aud: ['https://kubernetes', 'us'] },
    reason: 'client.wrong_audience',
  },
])('a pod is refused for $name', async ({ claims, reason }) => {
  const answer = await pod.exchange({ client_assertion: pod.workloadToken(claims) });
  await expectRefusal(answer, records, { answer: '401 invalid_client', reason });
});

it('K-07: a platform that does not answer is 503, and nobody is taken for a stranger', async () => {
  cluster.failure = { status: 500, body: '' };
  const unknown = makeSigningKey();
  const answer = await pod.exchange({ client_assertion: pod.workloadToken({}, {}, unknown) });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  cluster.failure = null;
});

it('a token of a platform is no ID token of a user', async () => {
  const answer = await honest.exchange({ subject_token: job.workloadToken({ aud: 'desk-app' }) });
  await expectRefusal(answer, records, { answer: '400 invalid_request', reason: 'subject.unknown_issuer' });
});
