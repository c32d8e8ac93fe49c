import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { type Answer, type Parameters } from '../support/deployment/caller.ts';

/** RFC 6749 §3.2 and §5: what is a request to the token endpoint, and how errors look. */
const broker = useBroker();

async function send(init: RequestInit): Promise<Answer> {
  const response = await fetch(`${broker.caller.url}/token`, { method: 'POST', ...init });
  const text = await response.text();
  const body = text === '' ? {} : (JSON.parse(text) as Answer['body']);
  return { status: response.status, headers: response.headers, text, body };
}

const form = (changes: Parameters = {}): URLSearchParams => {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(broker.caller.parameters(changes))) {
    if (value !== undefined) body.set(name, value);
  }
  return body;
};

it('check 10, RFC 6749 §3.2: GET is 405, and changes nothing', async () => {
  const before = await broker.records.counts();
  const answer = await send({ method: 'GET' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await broker.records.counts()).toEqual(before);
});

it('check 11, RFC 8693 §2.1: a JSON body is no request (415, RFC 9110 §15.5.16)', async () => {
  const body = JSON.stringify(broker.caller.parameters());
  expectError(await send({ headers: { 'content-type': 'application/json' }, body }), '415 invalid_request');
});

it('check 12, RFC 6749 §3.2: a parameter that comes twice is refused', async () => {
  const body = form();
  body.append('subject_token', 'x');
  expectError(await send({ body, headers: { DPoP: broker.caller.proof() } }), '400 invalid_request');
});

it('check 13, RFC 6749 §3.2: a parameter without a value is as good as absent', async () => {
  expect((await broker.caller.exchange({ actor_token: '' })).status).toBe(200);
});

it('check 14, RFC 6749 §3.2: an unknown parameter is ignored', async () => {
  expect((await broker.caller.exchange({ unheard_of: 'x' })).status).toBe(200);
});

it('check 15, RFC 6749 §5.1: nobody may keep an answer, good or bad', async () => {
  const answers = [
    await broker.caller.exchange(),
    await broker.caller.exchange({ subject_token: 'x' }),
    await broker.caller.exchange({ client_assertion: 'x' }),
    await send({ method: 'GET' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 401, 405]);
  for (const { headers } of answers) expect(headers.get('cache-control')).toBe('no-store');
});

it('check 16, RFC 6749 §5.2: without credentials the answer is invalid_client', async () => {
  const nothing = { client_assertion: undefined, client_assertion_type: undefined };
  expectError(await broker.caller.exchange(nothing), '401 invalid_client');
});

it.each(['Basic', 'Bearer'])(
  'check 17, RFC 6749 §5.2: failing in the Authorization header is answered with a challenge of that scheme: %s',
  async (scheme) => {
    const body = form({ client_assertion: undefined, client_assertion_type: undefined });
    const answer = await send({ body, headers: { authorization: `${scheme} ZGVzazpz` } });
    expectError(answer, '401 invalid_client');
    expect(answer.headers.get('www-authenticate')).toMatch(new RegExp(`^${scheme}`));
  },
);

it.each<{ name: string; changes: Parameters; headers?: Record<string, string> }>([
  { name: 'an assertion and a secret in the body', changes: { client_secret: 's' } },
  { name: 'an assertion and Basic', changes: {}, headers: { authorization: 'Basic ZGVzazpz' } },
])('check 26, RFC 7521 §4.2.1: two ways to authenticate are none: $name', async ({ changes, headers }) => {
  const proof = { DPoP: broker.caller.proof() };
  expectError(await send({ body: form(changes), headers: { ...headers, ...proof } }), '400 invalid_request');
});

it('check 30, RFC 6749 §5.2: who may not exchange is an unauthorized_client', async () => {
  const client_assertion = broker.caller.serverAssertion();
  expectError(await broker.caller.exchange({ client_assertion }), '400 unauthorized_client');
});

it.each(['authorization_code', 'implicit', 'password', 'refresh_token', 'x'])(
  'check 31, RFC 6749 §5.2: the grant type %s is unsupported',
  async (grant_type) => {
    expectError(await broker.caller.exchange({ grant_type }), '400 unsupported_grant_type');
  },
);
