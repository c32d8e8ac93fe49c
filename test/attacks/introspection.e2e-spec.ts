import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Caller, JWT_BEARER, REFUND, type Answer, type Parameters } from '../support/deployment/caller.ts';
import { API, deploy, SELF_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const INACTIVE = '{"active":false}';
let deployment: Deployment;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(() => deployment.stop());

/** Seen on every answer: nothing may keep it, and nothing about it may differ between the ways of being dead. */
function shapeOf({ status, text, headers }: Answer): object {
  const names = [...headers.keys()].filter((name) => name !== 'date').sort();
  return { status, text, names, cache: headers.get('cache-control'), etag: headers.get('etag') };
}

describe('I-09 all the ways of being dead', () => {
  it('look alike to the byte', async () => {
    const spent = await caller.token();
    expect((await caller.introspect(spent)).body['active']).toBe(true);
    const brief = await caller.token({
      authorization_details: caller.details({ target_uri: `${API}/orders/42/brief` }),
    });
    await sleep(1100);
    const live = await caller.token();
    const answers = await Promise.all([
      caller.introspect('never-issued'),
      caller.introspect(`once_${randomUUID()}`),
      caller.introspect(spent),
      caller.introspect(brief, {
        http_target_uri: `${API}/orders/42/brief`,
        dpop_proof: caller.apiProof(brief, { htu: `${API}/orders/42/brief` }),
      }),
      caller.introspect(live, { http_method: 'GET' }),
      caller.introspect(live, { dpop_proof: undefined }),
      caller.introspect(live, {
        client_assertion: caller.serverAssertion('other-api', deployment.keys.otherServer),
      }),
      caller.introspect(live, { client_assertion: caller.assertion() }),
    ]);
    for (const answer of answers) expect(shapeOf(answer)).toEqual(shapeOf(answers[0]));
    expect(answers[0]?.text).toBe(INACTIVE);
    expect(shapeOf(answers[0])).toMatchObject({ status: 200, cache: 'no-store', etag: null });
    expect((await caller.introspect(live)).body['active']).toBe(true);
  });
});

describe('I-07 a token has one spelling', () => {
  it('is dead when cut, extended or changed at any place, and lives as it was', async () => {
    const token = await caller.token();
    const places = Array.from({ length: 40 }, (_, at) => Math.floor((at * token.length) / 40));
    const spoilt = [
      ...places.map((at) => token.slice(0, at)).filter((text) => text !== ''),
      ...places.slice(1).map((at) => token.slice(at)),
      ...places.map((at) => `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`),
      token.toUpperCase(),
      `${token}A`,
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      token.slice('once_'.length),
      `once_${token}`,
    ];
    for (const other of spoilt) expect((await caller.introspect(other)).text).toBe(INACTIVE);
    expect((await caller.introspect(token)).body['active']).toBe(true);
  });
});

describe('I-01, I-02 what is no introspection', () => {
  it.each<{ name: string; changes: Parameters; headers?: Record<string, string>; expected: string }>([
    {
      name: 'no credentials',
      changes: { client_assertion: undefined, client_assertion_type: undefined },
      expected: '401 invalid_client',
    },
    {
      name: 'a secret',
      changes: { client_assertion: undefined, client_assertion_type: undefined, client_secret: 's' },
      expected: '401 invalid_client',
    },
    {
      name: 'an assertion of a stranger',
      changes: { client_assertion: 'x.y.z' },
      expected: '401 invalid_client',
    },
    { name: 'no token', changes: { token: undefined }, expected: '400 invalid_request' },
    { name: 'an empty token', changes: { token: '' }, expected: '400 invalid_request' },
    {
      name: 'two ways to authenticate',
      changes: {},
      headers: { authorization: 'Basic eDp5' },
      expected: '400 invalid_request',
    },
    {
      name: 'an Idempotency-Key that is no string',
      changes: {},
      headers: { 'idempotency-key': 'bare' },
      expected: '400 invalid_request',
    },
  ])('refuses $name, and spends nothing', async ({ changes, headers, expected }) => {
    const token = await caller.token();
    const answer = await caller.introspect(token, changes, headers);
    expect(`${answer.status} ${String(answer.body['error'])}`).toBe(expected);
    expect((await caller.introspect(token)).body['active']).toBe(true);
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])(
    'I-41 answers %s with 405 and Allow, and reads no query',
    async (method) => {
      const token = await caller.token();
      const response = await fetch(`${caller.url}/introspect?token=${token}`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect((await caller.introspect(token)).body['active']).toBe(true);
    },
  );

  it('I-02 reads no token from the query', async () => {
    const token = await caller.token();
    const form = new URLSearchParams({
      client_assertion_type: JWT_BEARER,
      client_assertion: caller.serverAssertion(),
    });
    const response = await fetch(`${caller.url}/introspect?token=${token}`, { method: 'POST', body: form });
    expect([400, 404]).toContain(response.status);
    expect((await caller.introspect(token)).body['active']).toBe(true);
  });

  it.each<[string, string]>([
    ['application/json', JSON.stringify({ token: 'x' })],
    ['text/plain', 'token=x'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/x-www-form-urlencoded; charset=utf-16', 'token=x'],
  ])('I-42 refuses a body of type %s', async (type, body) => {
    const response = await fetch(`${caller.url}/introspect`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });
});

describe('check 82, I-16, D8 the positive answer', () => {
  it('has exactly the members that a resource server needs, with whole seconds and flat strings', async () => {
    const { status, body, headers } = await caller.introspect(await caller.token());
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      active: true,
      iss: deployment.issuer,
      aud: API,
      sub: 'ada',
      sub_iss: deployment.issuerServer.url,
      client_id: 'desk',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: expect.any(Number),
      exp: expect.any(Number),
      txn: expect.any(String),
      scope: 'orders.refund',
      token_type: 'DPoP',
      cnf: { jkt: caller.device.thumbprint },
      htm: 'POST',
      htu: REFUND,
      authorization_details: JSON.parse(caller.details()),
      auth_time: expect.any(Number),
    });
    expect(Number.isInteger(body['exp']) && Number.isInteger(body['iat'])).toBe(true);
  });
});

describe('check 89 a lost answer', () => {
  it('is repeated to the same resource server under the same key and parameters, and to nobody else', async () => {
    const token = await caller.token();
    const dpop_proof = caller.apiProof(token);
    const key = { 'idempotency-key': `"${randomUUID()}"` };
    const first = await caller.introspect(token, { dpop_proof }, key);
    expect(first.body['active']).toBe(true);
    const repeated = await Promise.all(
      Array.from({ length: 5 }, () => caller.introspect(token, { dpop_proof }, key)),
    );
    for (const answer of repeated) expect(answer.body).toEqual(first.body);
    expect((await caller.introspect(token, {}, key)).status).toBe(422);
    expect((await caller.introspect(token, { dpop_proof })).text).toBe(INACTIVE);
    expect((await caller.introspect(token, { dpop_proof }, { 'idempotency-key': '"another"' })).text).toBe(
      INACTIVE,
    );
  });
});

describe('D7 an API that checks proofs itself', () => {
  it('hears active without telling anything, once', async () => {
    const target = `${SELF_API}orders/42/refund`;
    const details = caller.details({ locations: [SELF_API], target_uri: target, content_digest: undefined });
    const token = await caller.token({ resource: SELF_API, authorization_details: details });
    const present = (): Promise<Answer> =>
      caller.post('/introspect', {
        token,
        client_assertion_type: JWT_BEARER,
        client_assertion: caller.serverAssertion('self-api', deployment.keys.selfServer),
      });
    expect((await present()).body).toMatchObject({ active: true, cnf: { jkt: caller.device.thumbprint } });
    expect((await present()).text).toBe(INACTIVE);
  });
});

it('I-13 never honours a token after its last second', async () => {
  const target = `${API}/orders/42/brief`;
  const tokens = await Promise.all(
    Array.from({ length: 10 }, () =>
      caller.token({ authorization_details: caller.details({ target_uri: target }) }),
    ),
  );
  const startedAt = Date.now();
  for (const token of tokens) {
    const sentAt = Date.now();
    const proof = caller.apiProof(token, { htu: target });
    const answer = await caller.introspect(token, { http_target_uri: target, dpop_proof: proof });
    if (sentAt - startedAt > 1000) expect(answer.text).toBe(INACTIVE);
    await sleep(150);
  }
});
