import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { JWT_BEARER, type Answer, type Parameters } from '../support/deployment/caller.ts';

/** RFC 7009: a client takes back a token of its own. */
const broker = useBroker();
const INACTIVE = '{"active":false}';

const revoke = (changes: Parameters): Promise<Answer> =>
  broker.caller.post('/revoke', {
    client_assertion_type: JWT_BEARER,
    client_assertion: broker.caller.assertion(),
    ...changes,
  });

it('check 92, RFC 7009 §2.2: the answer is 200, and the token is inactive from then on', async () => {
  const token = await broker.caller.token();
  const { status, headers } = await revoke({ token });
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect((await broker.caller.introspect(token)).text).toBe(INACTIVE);
});

it.each(['refresh_token', 'access_token', 'urn:example:unknown'])(
  'check 92, RFC 7009 §2.1: the hint %s changes nothing',
  async (hint) => {
    const token = await broker.caller.token();
    expect((await revoke({ token, token_type_hint: hint })).status).toBe(200);
    expect((await broker.caller.introspect(token)).text).toBe(INACTIVE);
  },
);

it('check 92, RFC 7009 §2.2: an unknown token is answered like a known one, and so is one that was revoked', async () => {
  const token = await broker.caller.token();
  const first = await revoke({ token });
  const again = await revoke({ token });
  const unknown = await revoke({ token: 'once_unknown' });
  for (const { status, text } of [again, unknown]) expect([status, text]).toEqual([200, first.text]);
});

it('check 92, RFC 7009 §2.1: a token of another client is left alone', async () => {
  const token = await broker.caller.token();
  const { secondClient } = broker.deployment.keys;
  const assertion = broker.caller.assertion({ iss: 'kiosk', sub: 'kiosk' }, {}, secondClient);
  expect((await revoke({ token, client_assertion: assertion })).status).toBe(200);
  expect((await broker.caller.introspect(token)).body['active']).toBe(true);
});

it('check 92, RFC 7009 §2.2.1: errors are those of RFC 6749 §5.2', async () => {
  expectError(await revoke({}), '400 invalid_request');
  const token = await broker.caller.token();
  const anonymous = { client_assertion: undefined, client_assertion_type: undefined };
  expectError(await revoke({ token, ...anonymous }), '401 invalid_client');
  expect((await broker.caller.introspect(token)).body['active']).toBe(true);
});

it('check 92, RFC 8414 §2: the metadata name the endpoint, and how clients authenticate there', async () => {
  const { issuer } = broker.deployment;
  const response = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
  expect(await response.json()).toMatchObject({
    revocation_endpoint: `${issuer}/revoke`,
    revocation_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt']) as unknown,
  });
});
