import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { Caller, JWT_BEARER, type Answer, type Parameters } from '../support/deployment/caller.ts';
import { API } from '../support/deployment/deployment.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';

/** RFC 7662: being told that a token is active is the one use of it. */
const broker = useBroker({ brokers: 4, servers: { orders: { caller_tokens: true } } });
const INACTIVE = '{"active":false}';

function expectInactive({ status, text, headers }: Answer): void {
  expect([status, text, headers.get('cache-control')]).toEqual([200, INACTIVE, 'no-store']);
}

it.each<[string, string, Parameters, Record<string, string>]>([
  ['nobody', '401 invalid_client', { client_assertion: undefined, client_assertion_type: undefined }, {}],
  ['a stranger', '401 invalid_client', { client_assertion: 'x.y.z' }, {}],
  [
    'a bearer token that is none',
    '401 invalid_token',
    { client_assertion: undefined, client_assertion_type: undefined },
    { authorization: 'Bearer x' },
  ],
])(
  'check 81, RFC 7662 §2.1: asked by %s, the answer is %s, and the token lives on',
  async (_, error, changes, headers) => {
    const token = await broker.caller.token();
    expectError(await broker.caller.introspect(token, changes, headers), error);
    expect((await broker.caller.introspect(token)).body['active']).toBe(true);
  },
);

it('check 82, RFC 7662 §2.2: the first call of the right resource server is told all of the token', async () => {
  const { status, body, headers } = await broker.caller.introspect(await broker.caller.token());
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(body).toMatchObject({
    active: true,
    sub: 'ada',
    client_id: 'desk',
    aud: API,
    iss: broker.deployment.issuer,
    exp: expect.any(Number),
    iat: expect.any(Number),
    jti: expect.any(String),
    token_type: 'DPoP',
    cnf: { jkt: broker.caller.device.thumbprint },
    authorization_details: [{ type: 'http_operation' }],
    auth_time: expect.any(Number),
    txn: expect.any(String),
  });
});

it('check 83, RFC 7662 §2.2: the second call hears nothing but inactive', async () => {
  const token = await broker.caller.token();
  expect((await broker.caller.introspect(token)).body['active']).toBe(true);
  expectInactive(await broker.caller.introspect(token));
});

it('check 84, RFC 7662 §4: of 100 parallel calls at four brokers exactly one is told that the token is active', async () => {
  const token = await broker.caller.token();
  const doors = broker.deployment.brokers.map((_, at) => new Caller(broker.deployment, at));
  const dpop_proof = broker.caller.apiProof(token);
  const answers = await Promise.all(
    Array.from({ length: 25 }, () => doors.map((door) => door.introspect(token, { dpop_proof }))).flat(),
  );
  expect(answers.filter((answer) => answer.body['active'] === true)).toHaveLength(1);
  expect(answers.filter((answer) => answer.text === INACTIVE)).toHaveLength(99);
});

it('check 85, RFC 7662 §4: another resource server hears inactive, spends nothing, and is on record', async () => {
  const token = await broker.caller.token();
  const client_assertion = broker.caller.serverAssertion('other-api', broker.deployment.keys.otherServer);
  const answer = await broker.caller.introspect(token, { client_assertion });
  expectInactive(answer);
  expect(await broker.records.eventOf(answer)).toMatchObject({
    reason: 'token.wrong_audience',
    callerId: 'other-api',
  });
  expect((await broker.caller.introspect(token)).body['active']).toBe(true);
});

/** The answer is the same for all; the record tells them apart. */
async function expectInactiveFor(answer: Answer, reason: string): Promise<void> {
  expectInactive(answer);
  expect((await broker.records.eventOf(answer)).reason).toBe(reason);
}

it.each<[string, Parameters, string]>([
  ['another method', { http_method: 'GET' }, 'token.wrong_method'],
  ['another path', { http_target_uri: `${API}/orders/43/refund` }, 'token.wrong_uri'],
  ['another query', { http_target_uri: `${API}/orders/42/refund?a=1` }, 'token.wrong_uri'],
  ['another body', { content_digest: `sha-256=:${'A'.repeat(43)}=:` }, 'token.wrong_digest'],
])(
  'check 86, RFC 7662 §4: %s is inactive and spends nothing; the third time kills the token',
  async (_, changes, reason) => {
    const token = await broker.caller.token();
    for (let mismatch = 1; mismatch <= 2; mismatch++)
      await expectInactiveFor(await broker.caller.introspect(token, changes), reason);
    expect((await broker.caller.introspect(token)).body['active']).toBe(true);
    const another = await broker.caller.token();
    for (let mismatch = 1; mismatch <= 3; mismatch++)
      await expectInactiveFor(await broker.caller.introspect(another, changes), reason);
    await expectInactiveFor(await broker.caller.introspect(another), 'token.killed');
  },
);

it('check 86, RFC 7662 §4: the order of a query counts', async () => {
  const exact = `${API}/orders/42/refund?a=1&b=2`;
  const token = await broker.caller.token({
    authorization_details: broker.caller.details({ target_uri: exact }),
  });
  const dpop_proof = broker.caller.apiProof(token);
  const other = `${API}/orders/42/refund?b=2&a=1`;
  const mismatch = await broker.caller.introspect(token, { http_target_uri: other, dpop_proof });
  await expectInactiveFor(mismatch, 'token.wrong_uri');
  const good = await broker.caller.introspect(token, { http_target_uri: exact, dpop_proof });
  expect(good.body['active']).toBe(true);
});

it.each<[string, (token: string) => string]>([
  ['by another key', (token) => broker.caller.apiProof(token, {}, makeSigningKey())],
  ['for another token', (token) => broker.caller.apiProof(token, { ath: broker.caller.device.thumbprint })],
  ['without ath', (token) => broker.caller.apiProof(token, { ath: undefined })],
  ['of another method', (token) => broker.caller.apiProof(token, { htm: 'GET' })],
])('check 87, RFC 9449 §4.3: a proof %s is inactive, and spends nothing', async (_, proofFor) => {
  const token = await broker.caller.token();
  const refused = await broker.caller.introspect(token, { dpop_proof: proofFor(token) });
  await expectInactiveFor(refused, 'token.proof_refused');
  expect((await broker.caller.introspect(token)).body['active']).toBe(true);
});

it('check 88, RFC 7662 §2.2: unknown, malformed, spent, revoked, killed and expired tokens are answered alike', async () => {
  const brief = `${API}/orders/42/brief`;
  const expired = await broker.caller.token({
    authorization_details: broker.caller.details({ target_uri: brief }),
  });
  const spent = await broker.caller.token();
  expect((await broker.caller.introspect(spent)).body['active']).toBe(true);
  const [revoked, killed] = [await broker.caller.token(), await broker.caller.token()];
  const client_assertion = broker.caller.assertion();
  const own = { client_assertion_type: JWT_BEARER, client_assertion };
  expect((await broker.caller.post('/revoke', { token: revoked, ...own })).status).toBe(200);
  for (let mismatch = 1; mismatch <= 3; mismatch++)
    await broker.caller.introspect(killed, { http_method: 'GET' });
  await sleep(1_100);
  const dpop_proof = broker.caller.apiProof(expired, { htu: brief });
  const answers: [Answer, string][] = [
    [await broker.caller.introspect(spent), 'token.already_spent'],
    [await broker.caller.introspect(expired, { http_target_uri: brief, dpop_proof }), 'token.expired'],
    [await broker.caller.introspect(revoked), 'token.revoked'],
    [await broker.caller.introspect(killed), 'token.killed'],
    [await broker.caller.introspect(`${spent.slice(0, -8)}AAAAAAAA`), 'token.forged'],
    [await broker.caller.introspect('x'), 'token.malformed'],
  ];
  for (const [answer, reason] of answers) {
    await expectInactiveFor(answer, reason);
    expect([...answer.headers.keys()]).toEqual([...(answers[0]?.[0].headers.keys() ?? [])]);
  }
});

it('check 89, Idempotency-Key §2: a lost answer is given again to the same caller for the same request, and to nobody else', async () => {
  const token = await broker.caller.token();
  const dpop_proof = broker.caller.apiProof(token);
  const key = { 'idempotency-key': `"${randomUUID()}"` };
  const first = await broker.caller.introspect(token, { dpop_proof }, key);
  expect(first.body['active']).toBe(true);
  expect((await broker.caller.introspect(token, { dpop_proof }, key)).body).toEqual(first.body);
  expect((await broker.caller.introspect(token, {}, key)).status).toBe(422);
  const client_assertion = broker.caller.serverAssertion('other-api', broker.deployment.keys.otherServer);
  expectInactive(await broker.caller.introspect(token, { dpop_proof, client_assertion }, key));
});

it('RFC 7662 §2.1: a separate access token says who asks as client authentication does, at every broker', async () => {
  const callerToken = await broker.caller.callerToken();
  for (const [at] of broker.deployment.brokers.entries()) {
    const token = await broker.caller.token();
    const door = new Caller(broker.deployment, at);
    const answer = await door.introspectWith(callerToken, token, {
      dpop_proof: broker.caller.apiProof(token),
    });
    expect([answer.status, answer.body['active'], answer.body['sub']]).toEqual([200, true, 'ada']);
  }
});

it('RFC 7662 §2.1: a token that permits an operation is no token to introspect with', async () => {
  const token = await broker.caller.token();
  expectError(await broker.caller.introspectWith(token, token), '401 invalid_token');
  expect((await broker.caller.introspect(token)).body['active']).toBe(true);
});
