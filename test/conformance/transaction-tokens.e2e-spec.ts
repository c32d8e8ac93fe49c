import { decodeJwt } from 'jose';
import { askTransactionToken, TXN_TOKEN } from '../support/deployment/call-chain.ts';
import { ID_TOKEN, type Answer, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { useBroker } from '../support/deployment/conforming-broker.ts';
import { API } from '../support/deployment/deployment.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { eventually } from '../support/eventually.ts';
import { makeSigningKey, signJwt } from '../support/deployment/signing-key.ts';
import { serviceBehind } from '../support/deployment/service-behind.ts';

/** draft-ietf-oauth-transaction-tokens: what an API tells the services behind it, and they tell each other. */
const broker = useBroker({
  policies: {
    'support-brief': `@ttl("4")
permit (principal in Group::"support", action == Action::"orders.brief", resource == Api::"orders");`,
    'support-secure': `@uses("2")
permit (principal in Group::"support", action == Action::"orders.secure", resource == Api::"orders");`,
  },
});
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** As the orders API unless the changes say otherwise. */
const ask = (subject: string, changes: Parameters = {}): Promise<Answer> =>
  askTransactionToken(broker.caller, subject, changes);
const replace = (subject: string, changes: Parameters = {}): Promise<Answer> =>
  ask(subject, { subject_token_type: TXN_TOKEN, ...changes });
const asOther = (): string => broker.caller.serverAssertion('other-api', broker.deployment.keys.otherServer);

/** The first transaction token that was given out on account of it. */
async function recordedFor(txn: unknown): Promise<object | undefined> {
  const [row] = await broker.records.rows<{ event: object }>(
    `SELECT event FROM audit_event WHERE txn = $1 AND type = 'token.transaction' ORDER BY at`,
    [txn],
  );
  return row?.event;
}

async function spentToken(changes: Parameters = {}): Promise<{ token: string; spent: Answer['body'] }> {
  const token = await broker.caller.token(changes);
  const { body } = await broker.caller.introspect(token);
  expect(body['active']).toBe(true);
  return { token, spent: body };
}

async function transactionToken(changes: Parameters = {}): Promise<string> {
  const { body } = await ask((await spentToken()).token, changes);
  return String(body['access_token']);
}

it('check 68, Transaction Tokens: tells the services behind an API what was permitted, and they verify it offline', async () => {
  const service = await serviceBehind(broker.caller);
  const agent = broker.deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents' });
  const subject_token = broker.deployment.issuerServer.idToken({ acr: 'phr' });
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
  const payload = await service.verify(String(body['access_token']));
  expect(payload).toEqual({
    iss: broker.deployment.issuer,
    aud: broker.deployment.issuer,
    iat: expect.any(Number) as number,
    exp: spent['exp'],
    txn: spent['txn'],
    sub: `${broker.deployment.issuerServer.url}|ada`,
    act: { iss: broker.deployment.issuerServer.url, sub: 'agent-7' },
    scope: 'orders.refund',
    req_wl: 'orders-api',
    tctx: { authorization_details: spent['authorization_details'], details: { amount: 5 } },
    rctx: {
      client_id: 'desk',
      jkt: broker.caller.device.thumbprint,
      acr: 'phr',
      auth_time: spent['auth_time'],
      asserted: { shop: 'berlin' },
    },
  });
  expect(JSON.stringify(payload)).not.toContain('once_');
  expect(await recordedFor(spent['txn'])).toMatchObject({
    outcome: 'permitted',
    callerId: 'orders-api',
    operationId: 'orders.refund',
  });
});

/** A token for a path template, and what it was spent on. */
async function spentTemplate(scope: string, called: { method: string; uri: string }): Promise<string> {
  const token = await broker.caller.token({ scope, authorization_details: undefined });
  const { body } = await broker.caller.introspect(token, {
    http_method: called.method,
    http_target_uri: called.uri,
    content_digest: undefined,
    dpop_proof: broker.caller.apiProof(token, { htm: called.method, htu: called.uri.split('?')[0] }),
  });
  expect(body).toMatchObject({ active: true, htu: called.uri });
  return token;
}

it('check 68, Transaction Tokens: tctx is what happened, where the token was for a path template', async () => {
  const target_uri = `${API}/orders/42?expand=lines`;
  const token = await spentTemplate('orders.read', { method: 'GET', uri: target_uri });
  const { body } = await ask(token, { scope: 'orders.read' });
  const told = { type: 'http_operation', locations: [API], actions: ['GET'], target_uri };
  const first = String(body['access_token']);
  expect(decodeJwt(first)['tctx']).toEqual({ authorization_details: [told] });
  const next = await replace(first, { scope: 'orders.read', client_assertion: asOther() });
  expect(decodeJwt(String(next.body['access_token']))['tctx']).toEqual({ authorization_details: [told] });
  expect(await recordedFor(decodeJwt(first)['txn'])).toMatchObject({ operation: told });
});

it('Transaction Tokens: tctx is the path template where its token has several uses', async () => {
  const uri = `${API}/orders/42/secure`;
  const token = await spentTemplate('orders.secure', { method: 'POST', uri });
  const { body } = await ask(token, { scope: 'orders.secure' });
  expect(decodeJwt(String(body['access_token']))['tctx']).toMatchObject({
    authorization_details: [
      { target_uri: `${API}/orders/{id}/secure`, path_template: '/orders/{id}/secure' },
    ],
  });
});

it('Transaction Tokens: one is no access token, and no identity', async () => {
  const token = await transactionToken();
  expect((await broker.caller.introspect(token)).text).toBe('{"active":false}');
  expect((await broker.caller.exchange({ subject_token: token })).body['error']).toBe('invalid_request');
});

it('Transaction Tokens: one is replaced by the next service: the same transaction, the chain kept, and less of the details', async () => {
  const first = await transactionToken({
    request_details: '{"amount":5,"lines":[1,2]}',
    request_context: '{"shop":"berlin"}',
  });
  const { status, body } = await replace(first, {
    client_assertion: asOther(),
    request_details: '{"lines":[1,2]}',
    request_context: '{"queue":"q1"}',
  });
  expect(status).toBe(200);
  const payload = await (await serviceBehind(broker.caller)).verify(String(body['access_token']));
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

it.each<{ name: string; changes: Parameters }>([
  { name: 'other details', changes: { request_details: '{"amount":6}' } },
  { name: 'more details', changes: { request_details: '{"to":"eve"}' } },
  { name: 'another circumstance', changes: { request_context: '{"shop":"paris"}' } },
])('check 69, Transaction Tokens: is not replaced by $name', async ({ changes }) => {
  const token = await transactionToken({
    request_details: '{"amount":5}',
    request_context: '{"shop":"berlin"}',
  });
  await expectRefusal(await replace(token, changes), broker.records, {
    answer: '400 invalid_request',
    reason: 'txn.widened',
  });
  expect((await replace(token)).status).toBe(200);
});

it.each<{ name: string; forge: (token: string) => string | Promise<string> }>([
  {
    name: 'with another txn',
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
  { name: 'that is an ID token', forge: () => broker.deployment.issuerServer.idToken() },
  { name: 'that is none', forge: () => 'x' },
])('check 69, Transaction Tokens: is not taken $name', async ({ forge }) => {
  const token = await transactionToken();
  const forged = await forge(token);
  await expectRefusal(await replace(forged), broker.records, {
    answer: '400 invalid_request',
    reason: 'txn.unknown_token',
  });
  expect((await replace(token)).status).toBe(200);
});

it('check 69, Transaction Tokens: is not given out once the token that was spent would be over', async () => {
  const target_uri = `${API}/orders/42/brief`;
  const authorization_details = broker.caller.details({ target_uri });
  const token = await broker.caller.token({ authorization_details });
  const dpop_proof = broker.caller.apiProof(token, { htu: target_uri });
  const spent = await broker.caller.introspect(token, { http_target_uri: target_uri, dpop_proof });
  expect(spent.body['active']).toBe(true);
  const first = await ask(token, { scope: 'orders.brief' });
  const over = Number(spent.body['exp']) * 1000;
  await eventually(() => Date.now() > over, 20_000);
  for (const [subject, type] of [
    [token, ACCESS_TOKEN],
    [String(first.body['access_token']), TXN_TOKEN],
  ] as const) {
    const answer = await ask(subject, { scope: 'orders.brief', subject_token_type: type });
    expect(`${answer.status} ${String(answer.body['error'])}`).toBe('400 invalid_request');
  }
});

it('X-19, Transaction Tokens: is for whoever spent the token, and nobody else', async () => {
  const unspent = await broker.caller.token();
  const expected = { answer: '400 invalid_request', reason: 'txn.not_spent_here' };
  await expectRefusal(await ask(unspent), broker.records, expected);
  expect((await broker.caller.introspect(unspent)).body['active']).toBe(true);
  await expectRefusal(await ask(unspent, { client_assertion: asOther() }), broker.records, expected);
  await expectRefusal(await ask(unspent, { client_assertion: broker.caller.assertion() }), broker.records, {
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
  await expectRefusal(await ask(token, changes), broker.records, { answer, reason });
  expect((await ask(token)).status).toBe(200);
});

it('Transaction Tokens: one is replaced eight times at most', async () => {
  let token = await transactionToken();
  for (let asked = 1; asked < 8; asked++) {
    const { body } = await replace(token);
    token = String(body['access_token']);
  }
  await expectRefusal(await replace(token), broker.records, {
    answer: '400 invalid_request',
    reason: 'txn.chain_too_long',
  });
});
