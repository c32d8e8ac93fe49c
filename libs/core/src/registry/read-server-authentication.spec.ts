import { readResourceServer, UNSTORED } from './read-registrations.ts';

const server = { id: 'orders', client_id: 'orders-api', resource: 'https://api.example' };
const federation = { issuer: 'https://cluster.example', claims: { sub: 'system:serviceaccount:pay:orders' } };
const spiffe = {
  spiffe_id: 'spiffe://prod.example/ns/pay/sa/orders',
  spiffe_bundle_endpoint: 'https://spire.example/bundle',
};

function read(changes: object) {
  return readResourceServer({ ...server, ...changes }, UNSTORED, { allowHttpLoopback: false });
}

it.each([
  ['federation', { federation }],
  ['spiffe_jwt', { spiffe }],
])('a resource server may be vouched for: %s', (method, changes) => {
  expect(read(changes)).toMatchObject({ registration: { authentication: { method }, callerTokens: false } });
});

it.each<[string, object, readonly string[]]>([
  ['both', { federation, spiffe }, ['#/spiffe']],
  ['an attester', { attestation: { issuer: 'https://mdm.example' } }, ['#/attestation', '#/jwks']],
  ['caller tokens beside a platform', { federation, caller_tokens: true }, ['#/caller_tokens']],
  ['caller tokens beside a SPIFFE ID', { spiffe, caller_tokens: true }, ['#/caller_tokens']],
  ['an assertion to endpoints', { federation, legacy_audience: true }, ['#/legacy_audience']],
  ['C-20 a wildcard', { federation: { ...federation, claims: { sub: 'a:*' } } }, ['#/federation/claims/sub']],
  ['caller tokens perhaps', { federation, caller_tokens: 'yes' }, ['#/caller_tokens']],
])('it may not have %s', (_, changes, expected) => {
  const result = read(changes);
  expect('problems' in result ? result.problems.map(({ pointer }) => pointer) : []).toEqual(expected);
});
