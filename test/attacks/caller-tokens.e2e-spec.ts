import { Caller, JWT_BEARER, TOKEN_EXCHANGE } from '../support/deployment/caller.ts';
import { deploy, OTHER_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const REFUSED = '401 invalid_token';
let deployment: Deployment;
let records: Records;
let caller: Caller;
let callerToken: string;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({
    databaseUrl: url,
    brokers: 2,
    servers: { orders: { caller_tokens: true } },
  });
  records = await Records.open(url);
  caller = new Caller(deployment);
}, 60_000);
beforeEach(async () => {
  callerToken = await caller.callerToken();
});
afterEach(async () => {
  await expectServed(caller);
  const fresh = await caller.callerToken();
  expect((await caller.introspectWith(fresh, await caller.token())).body['active']).toBe(true);
});
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
});

it('a caller token spends tokens at every broker, leaves no id behind, and is on record by its kind', async () => {
  const tokens = await Promise.all([caller.token(), caller.token()]);
  const { usedIds: before } = await records.counts();
  for (const [at, token] of tokens.entries()) {
    const door = new Caller(deployment, at);
    const proof = { dpop_proof: caller.apiProof(token) };
    expect((await door.introspectWith(callerToken, token, proof)).body['active']).toBe(true);
    const again = await door.introspectWith(callerToken, token, proof);
    expect(again.text).toBe('{"active":false}');
    expect(await records.eventOf(again)).toMatchObject({
      callerId: 'orders-api',
      callerMethod: 'caller_token',
      reason: 'token.already_spent',
    });
  }
  // The ids of the proofs are no claims either: each is bound to the token that was spent.
  expect((await records.counts()).usedIds).toBe(before);
});

const decoded = (text: string): string => Buffer.from(text, 'base64url').toString();

it.each<[string, () => string | Promise<string>]>([
  ['nonsense', () => 'x'],
  ['cut', () => callerToken.slice(0, -1)],
  ['extended', () => `${callerToken}A`],
  ['in capitals', () => callerToken.toUpperCase()],
  [
    'changed',
    () => `${callerToken.slice(0, -5)}${callerToken.at(-5) === 'A' ? 'B' : 'A'}${callerToken.slice(-4)}`,
  ],
  ['without its prefix', () => callerToken.replace('oncecaller_', '')],
  ['under the prefix of a token', () => callerToken.replace('oncecaller_', 'once_')],
  ['a token that permits an operation', () => caller.token()],
  ['such a token under its prefix', async () => (await caller.token()).replace('once_', 'oncecaller_')],
  [
    'such a token under its header',
    async () => callerToken.split('..')[0] + '..' + (await caller.token()).split('..')[1],
  ],
])('a bearer token that is %s says nothing, and spends nothing', async (_, bearer) => {
  const token = await caller.token();
  const answer = await caller.introspectWith(await bearer(), token);
  await expectRefusal(answer, records, { answer: REFUSED, reason: 'bearer.malformed' });
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="oncekey", error="invalid_token"');
  expect((await caller.introspectWith(callerToken, token)).body['active']).toBe(true);
});

it('what is in a caller token cannot be read from it', () => {
  const [header = '', , , text = ''] = callerToken.replace('oncecaller_', '').split('.');
  expect(JSON.parse(decoded(header))).toEqual({
    alg: 'dir',
    enc: 'A256GCM',
    kid: expect.any(String),
    typ: 'caller',
  });
  expect(decoded(text)).not.toContain('orders');
});

it('a caller token is nothing to call an API with, to revoke with, or to earn another token with', async () => {
  const spent = await caller.introspect(callerToken);
  expect(spent.text).toBe('{"active":false}');
  expect(await records.eventOf(spent)).toMatchObject({ reason: 'token.malformed' });
  const bearer = { authorization: `Bearer ${callerToken}` };
  const none = { client_assertion: undefined, client_assertion_type: undefined };
  const token = await caller.token();
  await caller.introspect(token);
  const txn = {
    grant_type: TOKEN_EXCHANGE,
    requested_token_type: 'urn:ietf:params:oauth:token-type:txn_token',
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: deployment.issuer,
    scope: 'orders.refund',
  };
  for (const answer of [
    await caller.askCallerToken(none, bearer),
    await caller.post('/token', txn, bearer),
    await caller.post('/token', caller.parameters(none), bearer),
    await caller.post('/revoke', { token }, bearer),
  ]) {
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason: 'client.secret_refused' });
  }
  const own = { client_assertion_type: JWT_BEARER, client_assertion: caller.serverAssertion() };
  expect((await caller.post('/token', { ...txn, ...own })).status).toBe(200);
});

it('a caller token spends nothing that is for another API, and the token lives on', async () => {
  const details = caller.details({ locations: [OTHER_API], actions: ['GET'] });
  const target = `${OTHER_API}things/1`;
  const other = JSON.stringify([
    { ...JSON.parse(details)[0], target_uri: target, content_digest: undefined },
  ]);
  const token = await caller.token({ resource: OTHER_API, authorization_details: other });
  const told = {
    http_method: 'GET',
    http_target_uri: target,
    content_digest: undefined,
    dpop_proof: caller.apiProof(token, { htm: 'GET', htu: target }),
  };
  const answer = await caller.introspectWith(callerToken, token, told);
  expect(answer.text).toBe('{"active":false}');
  expect(await records.eventOf(answer)).toMatchObject({ reason: 'token.wrong_audience' });
  const client_assertion = caller.serverAssertion('other-api', deployment.keys.otherServer);
  const own = { client_assertion, client_assertion_type: JWT_BEARER };
  expect((await caller.introspect(token, { ...told, ...own })).body['active']).toBe(true);
});

it.each<[string, Record<string, string>, string]>([
  [
    'an assertion',
    { client_assertion: 'made below', client_assertion_type: JWT_BEARER },
    'client.several_methods',
  ],
  ['a secret', { client_secret: 's' }, 'client.several_methods'],
])('check 26: a caller token beside %s is refused before anything is used up', async (_, beside, reason) => {
  const token = await caller.token();
  const client_assertion = caller.serverAssertion();
  const changes = 'client_assertion' in beside ? { ...beside, client_assertion } : beside;
  const answer = await caller.introspectWith(callerToken, token, changes);
  await expectRefusal(answer, records, { answer: '400 invalid_request', reason });
  expect((await caller.introspect(token, { client_assertion })).body['active']).toBe(true);
});

it('one of many who ask at once with the same assertion is given a caller token', async () => {
  const client_assertion = caller.serverAssertion();
  const doors = [caller, new Caller(deployment, 1)];
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => doors.map((door) => door.askCallerToken({ client_assertion }))).flat(),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const refused of answers.filter(({ status }) => status !== 200)) {
    await expectRefusal(refused, records, { answer: '401 invalid_client', reason: 'client.replayed' });
  }
});

it.each<[string, string, string]>([
  [
    'changed',
    `document = document || '{"introspection":{"peek":true}}', version = nextval('resource_version')`,
    `version = nextval('resource_version')`,
  ],
  [
    'disabled',
    `enabled = false, version = nextval('resource_version')`,
    `enabled = true, version = nextval('resource_version')`,
  ],
])('C-15: a registration that was %s takes its caller tokens with it, for good', async (_, change, back) => {
  const set = (what: string): Promise<unknown> =>
    records.rows(`UPDATE resource_server SET ${what} WHERE id = 'orders'`);
  const doors = [caller, new Caller(deployment, 1)];
  await set(change);
  const refusedAt = async (door: Caller): Promise<boolean> => {
    const { status, body } = await door.introspectWith(callerToken, 'once_x');
    return status === 401 && body['error'] === 'invalid_token';
  };
  for (const door of doors) await eventually(() => refusedAt(door), 5_000);
  await set(back);
  for (const door of doors) {
    await eventually(async () => (await door.introspect('once_x')).status === 200, 5_000);
    const answer = await door.introspectWith(callerToken, 'once_x');
    await expectRefusal(answer, records, { answer: REFUSED, reason: 'bearer.outdated' });
  }
});

it('a resource server that is given none, and a client, are told so', async () => {
  const other = caller.serverAssertion('other-api', deployment.keys.otherServer);
  const answer = '400 unauthorized_client';
  const given = await caller.askCallerToken({ client_assertion: other });
  await expectRefusal(given, records, { answer, reason: 'bearer.not_given' });
  const client = await caller.askCallerToken({ client_assertion: caller.assertion() });
  await expectRefusal(client, records, { answer, reason: 'client.not_allowed' });
});
