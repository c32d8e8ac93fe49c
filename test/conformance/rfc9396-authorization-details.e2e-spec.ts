import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { REFUND, type Claims } from '../support/deployment/caller.ts';
import { API } from '../support/deployment/deployment.ts';

/** RFC 9396: one operation, said exactly. */
const broker = useBroker();
const REFUSED = '400 invalid_authorization_details';

it('check 51, RFC 9396 §5: an unknown type is refused', async () => {
  expectError(await broker.caller.exchange({ authorization_details: '[{"type":"payment"}]' }), REFUSED);
});

it.each<[string, Claims]>([
  ['an unknown member', { note: 'x' }],
  ['a member of another JSON type', { target_uri: 5 }],
  ['a list where there is one value', { target_uri: [REFUND] }],
  ['a missing member', { target_uri: undefined }],
  ['no actions', { actions: undefined }],
  ['an empty list of actions', { actions: [] }],
])('check 52, RFC 9396 §5: %s is refused', async (_, changes) => {
  expectError(
    await broker.caller.exchange({ authorization_details: broker.caller.details(changes) }),
    REFUSED,
  );
});

it('check 53, RFC 9396 §2: two operations in one request are refused', async () => {
  const [one] = JSON.parse(broker.caller.details()) as object[];
  expectError(await broker.caller.exchange({ authorization_details: JSON.stringify([one, one]) }), REFUSED);
  const authorization_details = broker.caller.details({ actions: ['POST', 'GET'] });
  expectError(await broker.caller.exchange({ authorization_details }), REFUSED);
});

it.each<[string, string]>([
  ['outside of the resource', 'https://api.example/v2/orders/42/refund'],
  ['beside it by its letters', 'https://api.example/v10/orders/42/refund'],
  ['without TLS', 'http://api.example/v1/orders/42/refund'],
  ['with a fragment', `${REFUND}#x`],
  ['with userinfo', 'https://u:p@api.example/v1/orders/42/refund'],
])('check 54, RFC 9396 §5: a target %s is refused', async (_, target_uri) => {
  expectError(
    await broker.caller.exchange({ authorization_details: broker.caller.details({ target_uri }) }),
    REFUSED,
  );
});

it('check 55, RFC 3986 §6.2: the target is granted and told in its one canonical form', async () => {
  const target_uri = 'HTTPS://API.example:443/v1/a/../orders/%34%32/refund?x=1';
  const { status, body } = await broker.caller.exchange({
    authorization_details: broker.caller.details({ target_uri }),
  });
  expect([status, body['authorization_details']]).toMatchObject([200, [{ target_uri: `${REFUND}?x=1` }]]);
});

it.each<[string, unknown]>([
  ['no digest where policy demands one', undefined],
  ['a digest by md5', { md5: 'x' }],
  ['a digest that is none', { 'sha-256': 'x' }],
])('check 56, RFC 9530 §5: %s is refused', async (_, content_digest) => {
  expectError(
    await broker.caller.exchange({ authorization_details: broker.caller.details({ content_digest }) }),
    REFUSED,
  );
});

it('RFC 9396 §7: the answer and introspection say what was granted', async () => {
  const { body } = await broker.caller.exchange();
  const granted: unknown = JSON.parse(broker.caller.details());
  expect(body['authorization_details']).toEqual(granted);
  const active = await broker.caller.introspect(String(body['access_token']));
  expect(active.body['authorization_details']).toEqual(granted);
  expect(active.body['aud']).toBe(API);
});
