import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { Caller, ID_TOKEN, JWT_BEARER, TOKEN_EXCHANGE } from '../support/deployment/caller.ts';
import type { Answer, Claims, Parameters } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey, signJwt } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const TXN_TOKEN = 'urn:ietf:params:oauth:token-type:txn_token';

let deployment: Deployment;
let records: Records;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  records = await Records.open(url);
  caller = new Caller(deployment);
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

const asOther = (): string => caller.serverAssertion('other-api', deployment.keys.otherServer);

/** Asks for a transaction token, as the orders API unless the changes say otherwise. */
const ask = (subject_token: string, changes: Parameters = {}): Promise<Answer> =>
  caller.post('/token', {
    grant_type: TOKEN_EXCHANGE,
    client_assertion_type: JWT_BEARER,
    client_assertion: caller.serverAssertion(),
    subject_token,
    subject_token_type: ACCESS_TOKEN,
    requested_token_type: TXN_TOKEN,
    audience: deployment.issuer,
    scope: 'orders.refund',
    ...changes,
  });

async function spentToken(changes: Parameters = {}): Promise<{ token: string; spent: Answer['body'] }> {
  const token = await caller.token(changes);
  const { body } = await caller.introspect(token);
  expect(body['active']).toBe(true);
  return { token, spent: body };
}

async function transactionToken(changes: Parameters = {}): Promise<string> {
  const { body } = await ask((await spentToken()).token, changes);
  return String(body['access_token']);
}

/** What a service behind the API does: it has the keys, and asks nobody. */
async function verifyOffline(token: string, jwks: JSONWebKeySet) {
  return jwtVerify(token, createLocalJWKSet(jwks), {
    typ: 'txntoken+jwt',
    audience: deployment.issuer,
    algorithms: ['ES256'],
    requiredClaims: ['iat', 'exp', 'aud', 'txn', 'sub', 'scope', 'req_wl'],
  });
}

const publishedKeys = async (): Promise<JSONWebKeySet> =>
  (await (await fetch(`${caller.url}/jwks`)).json()) as JSONWebKeySet;

describe('a transaction token', () => {
  it('check 68: tells the services behind an API what was permitted, and they verify it offline', async () => {
    const jwks = await publishedKeys();
    const agent = deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents' });
    const subject_token = deployment.issuerServer.idToken({ acr: 'phr' });
    const { token, spent } = await spentToken({
      subject_token,
      actor_token: agent,
      actor_token_type: ID_TOKEN,
    });
    const request_details = JSON.stringify({ amount: 5 });
    const { status, headers, body } = await ask(token, {
      request_details,
      request_context: '{"shop":"berlin"}',
    });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      access_token: expect.any(String) as string,
      issued_token_type: TXN_TOKEN,
      token_type: 'N_A',
      expires_in: expect.any(Number) as number,
      scope: 'orders.refund',
    });
    const { payload } = await verifyOffline(String(body['access_token']), jwks);
    expect(payload).toEqual({
      iss: deployment.issuer,
      aud: deployment.issuer,
      iat: expect.any(Number) as number,
      exp: spent['exp'],
      txn: spent['txn'],
      sub: `${deployment.issuerServer.url}|ada`,
      act: { iss: deployment.issuerServer.url, sub: 'agent-7' },
      scope: 'orders.refund',
      req_wl: 'orders-api',
      tctx: { authorization_details: spent['authorization_details'], details: { amount: 5 } },
      rctx: {
        client_id: 'desk',
        jkt: caller.device.thumbprint,
        acr: 'phr',
        auth_time: spent['auth_time'],
        asserted: { shop: 'berlin' },
      },
    });
    expect(JSON.stringify(payload)).not.toContain('once_');
    const [event] = await records.rows<{ event: object }>(
      `SELECT event FROM audit_event WHERE txn = $1 AND type = 'token.transaction'`,
      [spent['txn']],
    );
    expect(event?.event).toMatchObject({
      outcome: 'permitted',
      callerId: 'orders-api',
      operationId: 'orders.refund',
    });
  });

  it('is no access token, and no identity', async () => {
    const token = await transactionToken();
    expect((await caller.introspect(token)).text).toBe('{"active":false}');
    expect((await caller.exchange({ subject_token: token })).body['error']).toBe('invalid_request');
  });

  it('is replaced by the next service: the same transaction, the chain kept, and less of the details', async () => {
    const first = await transactionToken({
      request_details: '{"amount":5,"lines":[1,2]}',
      request_context: '{"shop":"berlin"}',
    });
    const replaced = { subject_token_type: TXN_TOKEN, client_assertion: asOther() };
    const { status, body } = await ask(first, {
      ...replaced,
      request_details: '{"lines":[1,2]}',
      request_context: '{"queue":"q1"}',
    });
    expect(status).toBe(200);
    const { payload } = await verifyOffline(String(body['access_token']), await publishedKeys());
    const before = decodeJwt(first);
    const { tctx, rctx } = payload as { tctx: object; rctx: object };
    expect(payload).toMatchObject({
      ...Object.fromEntries(['iss', 'aud', 'txn', 'sub', 'scope', 'exp'].map((name) => [name, before[name]])),
      req_wl: 'orders-api,other-api',
    });
    expect([tctx, rctx]).toMatchObject([
      { details: { lines: [1, 2] } },
      { asserted: { shop: 'berlin', queue: 'q1' } },
    ]);
    expect(tctx).not.toMatchObject({ details: { amount: 5 } });
  });

  it.each<{ name: string; changes: Parameters; reason: string }>([
    {
      name: 'check 69: other details',
      changes: { request_details: '{"amount":6}' },
      reason: 'txn.widened',
    },
    { name: 'check 69: more details', changes: { request_details: '{"to":"eve"}' }, reason: 'txn.widened' },
    {
      name: 'check 69: another circumstance',
      changes: { request_context: '{"shop":"paris"}' },
      reason: 'txn.widened',
    },
  ])('is not replaced by $name', async ({ changes, reason }) => {
    const token = await transactionToken({
      request_details: '{"amount":5}',
      request_context: '{"shop":"berlin"}',
    });
    const replaced = { subject_token_type: TXN_TOKEN };
    await expectRefusal(await ask(token, { ...replaced, ...changes }), records, {
      answer: '400 invalid_request',
      reason,
    });
    expect((await ask(token, replaced)).status).toBe(200);
  });

  it.each<{ name: string; forge: (token: string) => string | Promise<string> }>([
    {
      name: 'check 69: with another txn',
      forge: (token) => {
        const [header = '', , signature = ''] = token.split('.');
        const claims = { ...decodeJwt(token), txn: 'another' };
        return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
      },
    },
    {
      name: 'by another key',
      forge: (token) => signJwt({ typ: 'txntoken+jwt' }, decodeJwt(token) as Claims, makeSigningKey()),
    },
    { name: 'without a signature', forge: (token) => `${token.slice(0, token.lastIndexOf('.'))}.` },
    { name: 'that is an ID token', forge: () => deployment.issuerServer.idToken() },
    { name: 'that is none', forge: () => 'x' },
  ])('is not taken $name', async ({ forge }) => {
    const token = await transactionToken();
    const forged = await forge(token);
    await expectRefusal(await ask(forged, { subject_token_type: TXN_TOKEN }), records, {
      answer: '400 invalid_request',
      reason: 'txn.unknown_token',
    });
    expect((await ask(token, { subject_token_type: TXN_TOKEN })).status).toBe(200);
  });

  it('check 69: is not given out once the token that was spent would be over', async () => {
    const target_uri = `${API}/orders/42/brief`;
    const authorization_details = caller.details({ target_uri });
    const token = await caller.token({ authorization_details });
    const dpop_proof = caller.apiProof(token, { htu: target_uri });
    const spent = await caller.introspect(token, { http_target_uri: target_uri, dpop_proof });
    expect(spent.body['active']).toBe(true);
    const first = await ask(token, { scope: 'orders.brief' });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    for (const [subject, type] of [
      [token, ACCESS_TOKEN],
      [String(first.body['access_token']), TXN_TOKEN],
    ] as const) {
      const answer = await ask(subject, { scope: 'orders.brief', subject_token_type: type });
      expect(`${answer.status} ${String(answer.body['error'])}`).toBe('400 invalid_request');
    }
  });

  it('X-19: is for whoever spent the token, and nobody else', async () => {
    const unspent = await caller.token();
    const expected = { answer: '400 invalid_request', reason: 'txn.not_spent_here' };
    await expectRefusal(await ask(unspent), records, expected);
    expect((await caller.introspect(unspent)).body['active']).toBe(true);
    await expectRefusal(await ask(unspent, { client_assertion: asOther() }), records, expected);
    await expectRefusal(await ask(unspent, { client_assertion: caller.assertion() }), records, {
      answer: '400 unauthorized_client',
      reason: 'client.not_allowed',
    });
    expect((await ask(unspent)).status).toBe(200);
  });

  it.each<{ name: string; changes: Parameters; answer?: string; reason: string }>([
    ...['[]', '"x"', 'x', '{"a":1,"a":2}', `{"a":"${'x'.repeat(2000)}"}`].flatMap((text) =>
      ['request_details', 'request_context'].map((name) => ({
        name: `check 66: ${name} as ${text.slice(0, 20)}`,
        changes: { [name]: text },
        reason: 'txn.malformed',
      })),
    ),
    ...['orders.read', 'orders.refund orders.read', '*'].map((scope) => ({
      name: `check 67: the scope ${scope}`,
      changes: { scope },
      answer: '400 invalid_scope',
      reason: 'txn.wrong_scope',
    })),
    { name: 'check 67: no scope', changes: { scope: undefined }, reason: 'request.malformed' },
    {
      name: 'no audience',
      changes: { audience: undefined },
      answer: '400 invalid_target',
      reason: 'txn.wrong_audience',
    },
    {
      name: 'another audience',
      changes: { audience: 'https://other.example' },
      answer: '400 invalid_target',
      reason: 'txn.wrong_audience',
    },
    {
      name: 'a refresh token',
      changes: { subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      reason: 'grant.unsupported_token_type',
    },
    {
      name: 'an actor beside it',
      changes: { actor_token: 'x', actor_token_type: ID_TOKEN },
      reason: 'request.malformed',
    },
  ])('is refused with $name', async ({ changes, answer = '400 invalid_request', reason }) => {
    const { token } = await spentToken();
    await expectRefusal(await ask(token, changes), records, { answer, reason });
    expect((await ask(token)).status).toBe(200);
  });

  it('is replaced eight times at most', async () => {
    let token = await transactionToken();
    for (let asked = 1; asked < 8; asked++) {
      const { body } = await ask(token, { subject_token_type: TXN_TOKEN });
      token = String(body['access_token']);
    }
    await expectRefusal(await ask(token, { subject_token_type: TXN_TOKEN }), records, {
      answer: '400 invalid_request',
      reason: 'txn.chain_too_long',
    });
  });
});
