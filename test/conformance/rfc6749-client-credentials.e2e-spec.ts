import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { type Parameters } from '../support/deployment/caller.ts';

/** RFC 6749 §4.4: a resource server gets a token on its own account, to introspect with and for nothing else. */
const broker = useBroker({ servers: { orders: { caller_tokens: true } } });

it.each<[string, Parameters]>([
  ['without a scope', {}],
  ['with its scope', { scope: 'introspect' }],
])('RFC 6749 §4.4.3: %s, the answer has a token, its type, its life and its scope', async (_, changes) => {
  const answer = await broker.caller.askCallerToken(changes);
  expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('pragma')]).toEqual([
    200,
    'no-store',
    'no-cache',
  ]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.body).toEqual({
    access_token: expect.stringMatching(/^[A-Za-z0-9\-._~+/]+=*$/),
    token_type: 'Bearer',
    expires_in: 60,
    scope: 'introspect',
  });
});

it('RFC 6749 §4.4: the grant type must only be used by confidential clients: nobody is 401', async () => {
  const nothing = { client_assertion: undefined, client_assertion_type: undefined };
  expectError(await broker.caller.askCallerToken(nothing), '401 invalid_client');
  expectError(await broker.caller.askCallerToken({ ...nothing, client_secret: 's' }), '401 invalid_client');
});

it('RFC 6749 §5.2: a client that may not use the grant is an unauthorized_client', async () => {
  const client_assertion = broker.caller.assertion();
  expectError(await broker.caller.askCallerToken({ client_assertion }), '400 unauthorized_client');
});

it.each<[string, Parameters, string]>([
  ['another scope', { scope: 'orders.refund' }, '400 invalid_scope'],
  ['more scopes', { scope: 'introspect orders.refund' }, '400 invalid_scope'],
  ['another resource', { resource: 'https://api.example/v1' }, '400 invalid_target'],
  ['an operation', { authorization_details: '[]' }, '400 invalid_authorization_details'],
  ['a subject', { subject_token: 'x' }, '400 invalid_request'],
])('RFC 6749 §5.2: %s is refused', async (_, changes, error) => {
  expectError(await broker.caller.askCallerToken(changes), error);
  expect((await broker.caller.askCallerToken({ resource: broker.deployment.issuer })).status).toBe(200);
});
