import { granted, idJag } from '../support/deployment/assertion-grant.ts';
import { DIGEST, ID_TOKEN, REFUND, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { API, OTHER_API } from '../support/deployment/deployment.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';

/** draft-ietf-oauth-identity-assertion-authz-grant: an assertion of the identity provider as a grant (RFC 7523 §2.1). */
const broker = useBroker();
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const REFUND_DETAIL = {
  type: 'http_operation',
  locations: [API],
  actions: ['POST'],
  target_uri: REFUND,
  content_digest: { 'sha-256': DIGEST },
};

const ask = (claims: Claims = {}, changes: Parameters = {}, proof?: string | null) =>
  broker.caller.exchange(granted(broker.caller, claims, changes), proof);

it('RFC 8414 §2: the metadata name the grant and its profile', async () => {
  const response = await fetch(`${broker.deployment.issuer}/.well-known/oauth-authorization-server`);
  expect(await response.json()).toMatchObject({
    grant_types_supported: expect.arrayContaining(['urn:ietf:params:oauth:grant-type:jwt-bearer']) as unknown,
    authorization_grant_profiles_supported: ['urn:ietf:params:oauth:grant-profile:id-jag'],
  });
});

it('ID-JAG: an assertion earns a token as an ID token does, once', async () => {
  const assertion = idJag(broker.caller, { acr: 'phr' });
  const { status, body } = await ask({}, { assertion });
  expect([status, body['token_type']]).toEqual([200, 'DPoP']);
  const spent = await broker.caller.introspect(String(body['access_token']));
  expect(spent.body).toMatchObject({ active: true, sub: 'ada', client_id: 'desk', acr: 'phr' });
  expectError(await ask({}, { assertion }), '400 invalid_grant');
});

it('ID-JAG: it names what is asked for, where the client does not', async () => {
  const silent = { resource: undefined, authorization_details: undefined };
  const { status, body } = await ask({ resource: API, authorization_details: [REFUND_DETAIL] }, silent);
  expect([status, body['authorization_details']]).toEqual([200, [REFUND_DETAIL]]);
  const byScope = await ask({ resource: API, scope: 'orders.read' }, silent);
  expect([byScope.status, byScope.body['scope']]).toEqual([200, 'orders.read']);
});

it.each<{ name: string; claims?: () => Claims; header?: Claims; changes?: () => Parameters }>([
  { name: 'of typ JWT', header: { typ: 'JWT' } },
  { name: 'without typ', header: { typ: undefined } },
  { name: 'of another issuer', claims: () => ({ iss: 'https://idp.example' }) },
  { name: 'for another server', claims: () => ({ aud: 'https://other.example' }) },
  { name: 'for two servers', claims: () => ({ aud: [broker.deployment.issuer, 'https://other.example'] }) },
  { name: 'for another client', claims: () => ({ client_id: 'kiosk' }) },
  { name: 'for no client', claims: () => ({ client_id: undefined }) },
  { name: 'without a name', claims: () => ({ jti: undefined }) },
  { name: 'without a subject', claims: () => ({ sub: undefined }) },
  { name: 'without a time', claims: () => ({ iat: undefined }) },
  { name: 'that is over', claims: () => ({ exp: inSeconds(-60) }) },
  { name: 'that is an ID token', changes: () => ({ assertion: broker.deployment.issuerServer.idToken() }) },
])('ID-JAG: an assertion $name is an invalid_grant', async ({ claims, header, changes }) => {
  const assertion = idJag(broker.caller, claims?.(), header);
  expectError(await ask({}, { assertion, ...changes?.() }), '400 invalid_grant');
});

it.each<[string, Claims, string]>([
  ['another resource', { resource: OTHER_API }, '400 invalid_target'],
  ['other operations', { scope: 'orders.read' }, '400 invalid_scope'],
  [
    'another operation',
    { authorization_details: [{ ...REFUND_DETAIL, target_uri: `${API}/orders/43/refund` }] },
    '400 invalid_authorization_details',
  ],
])('ID-JAG: where it names %s, it goes no further', async (_, claims, error) => {
  expectError(await ask(claims), error);
});

it('ID-JAG: with cnf it needs a proof by that key', async () => {
  const bound = { cnf: { jkt: broker.caller.device.thumbprint } };
  expect((await ask(bound)).status).toBe(200);
  expectError(await ask({ cnf: { jkt: makeSigningKey().thumbprint } }), '400 invalid_grant');
  expectError(await ask(bound, {}, null), '400 invalid_grant');
});

it('RFC 7523 §2.1: the assertion is a parameter of its own, and no subject token', async () => {
  expectError(await broker.caller.exchange({ subject_token: idJag(broker.caller) }), '400 invalid_request');
  for (const changes of [{ assertion: undefined }, { subject_token: 'x', subject_token_type: ID_TOKEN }]) {
    expectError(await ask({}, changes), '400 invalid_request');
  }
});
