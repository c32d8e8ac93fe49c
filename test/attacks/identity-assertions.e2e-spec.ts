import { randomUUID } from 'node:crypto';
import { Caller, DIGEST, ID_TOKEN, REFUND } from '../support/deployment/caller.ts';
import type { Claims, Parameters } from '../support/deployment/caller.ts';
import { API, deploy, OTHER_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const JWT_BEARER_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

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

const idJag = (claims: Claims = {}, header: Claims = {}): string =>
  deployment.issuerServer.idToken(
    { aud: deployment.issuer, client_id: 'desk', jti: randomUUID(), exp: inSeconds(300), ...claims },
    { typ: 'oauth-id-jag+jwt', ...header },
  );

/** A grant by assertion; the claims are the assertion's. */
const granted = (claims: Claims = {}, changes: Parameters = {}): Parameters => ({
  grant_type: JWT_BEARER_GRANT,
  subject_token: undefined,
  subject_token_type: undefined,
  assertion: idJag(claims),
  ...changes,
});

const exactly = (changes: Claims = {}): Claims => ({
  type: 'http_operation',
  locations: [API],
  actions: ['POST'],
  target_uri: REFUND,
  content_digest: { 'sha-256': DIGEST },
  ...changes,
});

describe('an identity assertion (ID-JAG) as a grant', () => {
  it('earns a token as an ID token does, once', async () => {
    const assertion = idJag({ acr: 'phr' });
    const { status, body } = await caller.exchange(granted({}, { assertion }));
    expect(status).toBe(200);
    const spent = await caller.introspect(String(body['access_token']));
    expect(spent.body).toMatchObject({ active: true, sub: 'ada', client_id: 'desk', acr: 'phr' });
    await expectRefusal(await caller.exchange(granted({}, { assertion })), records, {
      answer: '400 invalid_grant',
      reason: 'assertion.replayed',
    });
  });

  it('is not used up by a request that was refused', async () => {
    const assertion = idJag();
    const withoutNonce = await caller.exchange(
      granted({}, { assertion }),
      caller.proof({ nonce: undefined }),
    );
    expect(withoutNonce.body['error']).toBe('use_dpop_nonce');
    const denied = await caller.exchange(granted({}, { assertion, scope: 'orders.read' }));
    expect(denied.body['error']).toBe('invalid_scope');
    expect((await caller.exchange(granted({}, { assertion }))).status).toBe(200);
  });

  it.each([20])('of %i at once with the same assertion one is granted', async (racers) => {
    const assertion = idJag();
    const answers = await Promise.all(
      Array.from({ length: racers }, () => caller.exchange(granted({}, { assertion }))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(racers - 1);
  });

  it('names what is asked for, where the client does not', async () => {
    const silent = { resource: undefined, authorization_details: undefined };
    const named = { resource: API, authorization_details: [exactly()] };
    const { status, body } = await caller.exchange(granted(named, silent));
    expect([status, body['authorization_details']]).toEqual([200, [exactly()]]);
    const byScope = await caller.exchange(granted({ resource: API, scope: 'orders.read' }, silent));
    expect([byScope.status, byScope.body['scope']]).toEqual([200, 'orders.read']);
  });

  it('may be acted on by somebody else, who proves it', async () => {
    const agent = { actor_token: deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents' }) };
    const claims = { act: { sub: 'agent-7' } };
    const acted = await caller.exchange(granted(claims, { ...agent, actor_token_type: ID_TOKEN }));
    expect(acted.status).toBe(200);
    await expectRefusal(await caller.exchange(granted(claims)), records, {
      answer: '400 invalid_request',
      reason: 'actor.missing',
    });
  });

  it('is bound to a key where it says so', async () => {
    const bound = { cnf: { jkt: caller.device.thumbprint } };
    expect((await caller.exchange(granted(bound))).status).toBe(200);
    for (const answer of [
      await caller.exchange(granted({ cnf: { jkt: makeSigningKey().thumbprint } })),
      await caller.exchange(granted(bound), null),
    ]) {
      await expectRefusal(answer, records, { answer: '400 invalid_grant', reason: 'assertion.key_bound' });
    }
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
    const assertion = idJag(claims?.(), header);
    const answer = await caller.exchange(granted({}, { assertion, ...changes?.() }));
    await expectRefusal(answer, records, { answer: '400 invalid_grant', reason: `assertion.${reason}` });
    expect((await caller.exchange(granted())).status).toBe(200);
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
    await expectRefusal(await caller.exchange(granted(claims)), records, {
      answer: `400 ${answer}`,
      reason: `assertion.${reason}`,
    });
    const less = { resource: [API, OTHER_API], scope: 'orders.refund orders.read' };
    expect((await caller.exchange(granted(less))).status).toBe(200);
  });

  it('is no subject token, and an ID token is no assertion', async () => {
    const answer = await caller.exchange({ subject_token: idJag() });
    await expectRefusal(answer, records, { answer: '400 invalid_request', reason: 'subject.wrong_kind' });
    for (const changes of [{ assertion: undefined }, { subject_token: 'x', subject_token_type: ID_TOKEN }]) {
      await expectRefusal(await caller.exchange(granted({}, changes)), records, {
        answer: '400 invalid_request',
        reason: 'request.malformed',
      });
    }
  });
});
