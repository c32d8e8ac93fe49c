import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { rawHttp } from '../support/raw-http.ts';
import { FORM_TYPE, post } from '../support/raw-requests.ts';

/** RFC 6750, where this broker is the protected resource: at the introspection endpoint. */
const broker = useBroker({ servers: { orders: { caller_tokens: true } } });
const CHALLENGE = 'Bearer realm="oncekey", error="invalid_token"';

const send = async (headers: readonly string[], body = 'token=once_x') => {
  const port = Number(new URL(broker.caller.url).port);
  return rawHttp(port, post([FORM_TYPE, ...headers], body));
};

it.each(['Bearer', 'bearer', 'BEARER'])('RFC 6750 §2.1: the scheme may be written %s', async (scheme) => {
  const answer = await send([`Authorization: ${scheme} ${await broker.caller.callerToken()}`]);
  expect([answer.status, answer.body]).toEqual([200, '{"active":false}']);
});

it('RFC 6750 §2: a token in the body or in the query is none', async () => {
  const token = await broker.caller.callerToken();
  expect((await send([], `token=once_x&access_token=${token}`)).status).toBe(401);
  const url = `${broker.caller.url}/introspect?access_token=${token}`;
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ token: 'once_x' }) });
  expect(response.status).toBe(400);
});

it('RFC 6750 §3: a token that is not taken is 401, and the challenge says that it was the token', async () => {
  const answer = await broker.caller.introspectWith('mF_9.B5f-4.1JqM', 'once_x');
  expectError(answer, '401 invalid_token');
  expect(answer.headers.get('www-authenticate')).toBe(CHALLENGE);
});

it('RFC 6750 §3: who sent no token at all hears of no error of one', async () => {
  const none = { client_assertion: undefined, client_assertion_type: undefined };
  const answer = await broker.caller.introspect('once_x', none);
  expectError(answer, '401 invalid_client');
  expect(answer.headers.get('www-authenticate')).toBeNull();
});

it.each<[string, readonly string[]]>([
  ['no token', ['Authorization: Bearer']],
  ['two tokens', ['Authorization: Bearer a, Bearer b']],
  ['two headers', ['Authorization: Bearer a', 'Authorization: Bearer b']],
  ['characters of no token', ['Authorization: Bearer a"b']],
])('RFC 6750 §3.1: %s is a malformed request', async (_, headers) => {
  const answer = await send(headers);
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_request' });
});
