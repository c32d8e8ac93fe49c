import { granted, idJag } from '../support/deployment/assertion-grant.ts';
import { Caller, DIGEST, ID_TOKEN, REFUND } from '../support/deployment/caller.ts';
import type { Claims, Parameters } from '../support/deployment/caller.ts';
import { API, deploy, OTHER_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let records: Records;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  records = await Records.open(url);
  caller = new Caller(deployment);
  await caller.learnNonce();
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const exactly = (changes: Claims = {}): Claims => ({
  type: 'http_operation',
  locations: [API],
  actions: ['POST'],
  target_uri: REFUND,
  content_digest: { 'sha-256': DIGEST },
  ...changes,
});

describe('an identity assertion (ID-JAG) as a grant', () => {
  it('is not used up by a request that was refused', async () => {
    const assertion = idJag(caller);
    const withoutNonce = await caller.exchange(
      granted(caller, {}, { assertion }),
      caller.proof({ nonce: undefined }),
    );
    expect(withoutNonce.body['error']).toBe('use_dpop_nonce');
    const denied = await caller.exchange(granted(caller, {}, { assertion, scope: 'orders.read' }));
    expect(denied.body['error']).toBe('invalid_scope');
    expect((await caller.exchange(granted(caller, {}, { assertion }))).status).toBe(200);
  });

  it.each([20])('of %i at once with the same assertion one is granted', async (racers) => {
    const assertion = idJag(caller);
    const answers = await Promise.all(
      Array.from({ length: racers }, () => caller.exchange(granted(caller, {}, { assertion }))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(racers - 1);
  });

  it('may be acted on by somebody else, who proves it', async () => {
    const agent = { actor_token: deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents' }) };
    const claims = { act: { sub: 'agent-7' } };
    const acted = await caller.exchange(granted(caller, claims, { ...agent, actor_token_type: ID_TOKEN }));
    expect(acted.status).toBe(200);
    await expectRefusal(await caller.exchange(granted(caller, claims)), records, {
      answer: '400 invalid_request',
      reason: 'actor.missing',
    });
  });

  it.each<{
    name: string;
    claims?: () => Claims;
    header?: Claims;
    changes?: () => Parameters;
    reason: string;
  }>([
    { name: 'of typ JWT', header: { typ: 'JWT' }, reason: 'wrong_kind' },
    { name: 'without typ', header: { typ: undefined }, reason: 'wrong_kind' },
    {
      name: 'B-05: of another issuer',
      claims: () => ({ iss: 'https://idp.example' }),
      reason: 'unknown_issuer',
    },
    { name: 'that we would have made', claims: () => ({ iss: deployment.issuer }), reason: 'unknown_issuer' },
    {
      name: 'for the client, as an ID token is',
      claims: () => ({ aud: 'desk-app' }),
      reason: 'wrong_audience',
    },
    {
      name: 'for us and somebody else',
      claims: () => ({ aud: [deployment.issuer, 'https://other.example'] }),
      reason: 'wrong_audience',
    },
    {
      name: 'for our token endpoint',
      claims: () => ({ aud: `${deployment.issuer}/token` }),
      reason: 'wrong_audience',
    },
    { name: 'for another client', claims: () => ({ client_id: 'kiosk' }), reason: 'wrong_client' },
    { name: 'for no client', claims: () => ({ client_id: undefined }), reason: 'wrong_client' },
    { name: 'that is over', claims: () => ({ exp: inSeconds(-60) }), reason: 'wrong_time' },
    { name: 'without iat', claims: () => ({ iat: undefined }), reason: 'wrong_time' },
    { name: 'for two hours', claims: () => ({ exp: inSeconds(7200) }), reason: 'wrong_time' },
    { name: 'without jti', claims: () => ({ jti: undefined }), reason: 'bad_claims' },
    {
      name: 'with a scope that is a list',
      claims: () => ({ scope: ['orders.refund'] }),
      reason: 'bad_claims',
    },
    {
      name: 'with details of an unknown type',
      claims: () => ({ authorization_details: [{ type: 'payment' }] }),
      reason: 'bad_claims',
    },
    { name: 'with an act that is no object', claims: () => ({ act: 'agent-7' }), reason: 'bad_claims' },
    { name: 'that is no JWT', changes: () => ({ assertion: 'x' }), reason: 'malformed' },
    {
      name: 'that is an ID token',
      changes: () => ({ assertion: deployment.issuerServer.idToken() }),
      reason: 'wrong_kind',
    },
  ])('is refused $name', async ({ claims, header, changes, reason }) => {
    const assertion = idJag(caller, claims?.(), header);
    const answer = await caller.exchange(granted(caller, {}, { assertion, ...changes?.() }));
    await expectRefusal(answer, records, { answer: '400 invalid_grant', reason: `assertion.${reason}` });
    expect((await caller.exchange(granted(caller))).status).toBe(200);
  });

  it.each<{ name: string; claims: Claims; answer: string; reason: string }>([
    {
      name: 'another resource',
      claims: { resource: OTHER_API },
      answer: 'invalid_target',
      reason: 'other_resource',
    },
    {
      name: 'other operations',
      claims: { scope: 'orders.read' },
      answer: 'invalid_scope',
      reason: 'other_scope',
    },
    {
      name: 'another URI',
      claims: { authorization_details: [exactly({ target_uri: `${API}/orders/43/refund` })] },
      answer: 'invalid_authorization_details',
      reason: 'other_operation',
    },
    {
      name: 'another body',
      claims: { authorization_details: [exactly({ content_digest: { 'sha-256': `${'A'.repeat(43)}=` } })] },
      answer: 'invalid_authorization_details',
      reason: 'other_operation',
    },
  ])('B-05: goes no further than it says: $name', async ({ claims, answer, reason }) => {
    await expectRefusal(await caller.exchange(granted(caller, claims)), records, {
      answer: `400 ${answer}`,
      reason: `assertion.${reason}`,
    });
    const less = { resource: [API, OTHER_API], scope: 'orders.refund orders.read' };
    expect((await caller.exchange(granted(caller, less))).status).toBe(200);
  });

  it('is no subject token, and an ID token is no assertion', async () => {
    const answer = await caller.exchange({ subject_token: idJag(caller) });
    await expectRefusal(answer, records, { answer: '400 invalid_request', reason: 'subject.wrong_kind' });
    for (const changes of [{ assertion: undefined }, { subject_token: 'x', subject_token_type: ID_TOKEN }]) {
      await expectRefusal(await caller.exchange(granted(caller, {}, changes)), records, {
        answer: '400 invalid_request',
        reason: 'request.malformed',
      });
    }
  });
});
