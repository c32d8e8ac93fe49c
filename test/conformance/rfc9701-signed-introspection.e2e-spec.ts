import { createRemoteJWKSet, jwtVerify } from 'jose';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import type { Answer } from '../support/deployment/caller.ts';

/** RFC 9701: the answer as a JWT, for whoever has to show it to somebody else. */
const broker = useBroker();
const MEDIA_TYPE = 'application/token-introspection+jwt';

/** Presents a token and reads the answer as what it says it is. */
async function introspect(
  token: string,
  accept: string,
  changes = {},
): Promise<Answer & { claims: unknown }> {
  const answer = await broker.caller.introspectText(token, changes, { accept });
  if (answer.headers.get('content-type') !== MEDIA_TYPE) return { ...answer, claims: null };
  const keys = createRemoteJWKSet(new URL(`${broker.deployment.issuer}/jwks`));
  const { payload } = await jwtVerify(answer.text, keys, {
    typ: 'token-introspection+jwt',
    issuer: broker.deployment.issuer,
    audience: 'orders-api',
    algorithms: ['ES256'],
  });
  return { ...answer, claims: payload };
}

it('check 90, RFC 9701 §5: an active token is told in a JWT for the caller, by a published key', async () => {
  const { status, headers, claims } = await introspect(await broker.caller.token(), MEDIA_TYPE);
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(claims).toEqual({
    iss: broker.deployment.issuer,
    aud: 'orders-api',
    iat: expect.any(Number),
    token_introspection: expect.objectContaining({ active: true, sub: 'ada', htm: 'POST' }) as unknown,
  });
});

it('check 90, RFC 9701 §5: an inactive token is told in a JWT too, and nothing of it', async () => {
  const token = await broker.caller.token();
  expect((await introspect(token, MEDIA_TYPE)).status).toBe(200);
  const { headers, claims } = await introspect(token, MEDIA_TYPE);
  expect(claims).toMatchObject({ token_introspection: { active: false } });
  expect(Object.keys((claims as { token_introspection: object }).token_introspection)).toEqual(['active']);
  expect(headers.get('oncekey-reason-id')).not.toBeNull();
});

it.each(['application/json', '*/*', `${MEDIA_TYPE};q=0`])(
  'check 90, RFC 9701 §4: whoever accepts %s gets JSON, and nothing that calls itself a JWT',
  async (accept) => {
    const { headers, text } = await introspect(await broker.caller.token(), accept);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(JSON.parse(text)).toMatchObject({ active: true });
  },
);

it('check 90, RFC 9701 §5: nobody learns anything unsigned or signed without saying who asks', async () => {
  const token = await broker.caller.token();
  const nobody = { client_assertion: undefined, client_assertion_type: undefined };
  const answer = await introspect(token, MEDIA_TYPE, nobody);
  expectError({ ...answer, body: JSON.parse(answer.text) as never }, '401 invalid_client');
});

it('RFC 9701 §5: a signed answer is no subject token, and no client assertion', async () => {
  const { text } = await introspect(await broker.caller.token(), MEDIA_TYPE);
  expectError(await broker.caller.exchange({ subject_token: text }), '400 invalid_request');
  expectError(await broker.caller.exchange({ client_assertion: text }), '401 invalid_client');
});

it('RFC 9701 §7: the metadata name the algorithm', async () => {
  const found = await fetch(`${broker.deployment.issuer}/.well-known/oauth-authorization-server`);
  expect(await found.json()).toMatchObject({ introspection_signing_alg_values_supported: ['ES256'] });
});
