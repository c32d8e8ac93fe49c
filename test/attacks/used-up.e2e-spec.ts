import { randomUUID } from 'node:crypto';
import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
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

describe('C-10, C-11 an assertion is used up', () => {
  it('C-10 by success, by a refusal, and for both endpoints', async () => {
    const used = caller.assertion();
    expect((await caller.exchange({ client_assertion: used })).status).toBe(200);
    const again = await caller.exchange({ client_assertion: used });
    await expectRefusal(again, records, { answer: '401 invalid_client', reason: 'client.replayed' });

    const refused = caller.assertion();
    expect((await caller.exchange({ client_assertion: refused, subject_token: 'x.y.z' })).status).toBe(400);
    expect((await caller.exchange({ client_assertion: refused })).status).toBe(401);
    expect((await caller.introspect('once_x', { client_assertion: refused })).status).toBe(401);
    expect((await caller.exchange()).status).toBe(200);
  });

  it('C-10 by its id, whatever else it says; ids of different clients never meet', async () => {
    const jti = randomUUID();
    const first = caller.assertion({ jti });
    expect((await caller.exchange({ client_assertion: first })).status).toBe(200);
    const other = caller.assertion({ jti, note: 'another' });
    expect((await caller.exchange({ client_assertion: other })).status).toBe(401);
    const upper = caller.assertion({ jti: jti.toUpperCase() });
    expect((await caller.exchange({ client_assertion: upper })).status).toBe(200);
    const ofServer = caller.assertion(
      { iss: 'orders-api', sub: 'orders-api', jti },
      {},
      deployment.keys.server,
    );
    expect((await caller.introspect('once_x', { client_assertion: ofServer })).status).toBe(200);
  });

  it('C-11 by a 503 that is on record, as its Oncekey-Reason-Id tells', async () => {
    const { issuerServer } = deployment;
    const client_assertion = caller.assertion();
    issuerServer.failure = { status: 500, body: 'internal: secret detail' };
    const answer = await caller.exchange({
      client_assertion,
      subject_token: issuerServer.idToken({}, { kid: 'not-seen-yet' }),
    });
    issuerServer.failure = null;
    await expectRefusal(answer, records, {
      answer: '503 temporarily_unavailable',
      reason: 'broker.unavailable',
    });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.text).not.toContain('secret detail');
    expect((await caller.exchange({ client_assertion })).status).toBe(401);
    expect((await caller.exchange()).status).toBe(200);
  });
});

describe('DP-12, DP-14 proofs and nonces', () => {
  it('DP-12 asking for a nonce uses up the assertion, and neither the subject token nor the nonce', async () => {
    const fresh = new Caller(deployment);
    const subject_token = deployment.issuerServer.idToken();
    const client_assertion = fresh.assertion();
    const asked = await fresh.post('/token', fresh.parameters({ subject_token, client_assertion }), {
      DPoP: fresh.proof(),
    });
    await expectRefusal(asked, records, { answer: '400 use_dpop_nonce', reason: 'device.nonce_required' });
    expect(asked.headers.get('dpop-nonce')).toMatch(/^[A-Za-z0-9_-]{16,256}$/);

    const replayed = await fresh.exchange({ subject_token, client_assertion });
    await expectRefusal(replayed, records, { answer: '401 invalid_client', reason: 'client.replayed' });
    for (let time = 0; time < 3; time++) expect((await fresh.exchange({ subject_token })).status).toBe(200);
  });

  it('check 60, DP-14 takes a proof once, by the id that its key gave it', async () => {
    const proof = caller.proof();
    expect((await caller.exchange({}, proof)).status).toBe(200);
    await expectRefusal(await caller.exchange({}, proof), records, {
      answer: '400 invalid_dpop_proof',
      reason: 'device.replayed',
    });
    const jti = randomUUID();
    expect((await caller.exchange({}, caller.proof({ jti }))).status).toBe(200);
    expect((await caller.exchange({}, caller.proof({ jti, note: 'another' }))).status).toBe(400);
    const other = new Caller(deployment);
    await other.learnNonce();
    expect((await other.exchange({}, other.proof({ jti }))).status).toBe(200);
  });

  it('DP-14 a proof stays used where the request was refused after it was seen', async () => {
    const proof = caller.proof();
    expect((await caller.exchange({ resource: 'https://unknown.example/' }, proof)).status).toBe(400);
    expect((await caller.exchange({}, proof)).status).toBe(400);
    expect((await caller.exchange()).status).toBe(200);
  });

  it('X-11 a subject token serves for as many exchanges as it lives, each with a token of its own', async () => {
    const subject_token = deployment.issuerServer.idToken();
    const answers = await Promise.all(Array.from({ length: 20 }, () => caller.exchange({ subject_token })));
    const tokens = answers.map(({ body }) => body['access_token']);
    expect(new Set(tokens).size).toBe(20);
  });
});
