import { readClient } from './read-registrations.ts';

const KEY = {
  kty: 'EC',
  crv: 'P-256',
  kid: 'one',
  use: 'jwt-svid',
  x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
  y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
};
const fetched = {
  spiffe_id: 'spiffe://prod.example/ns/pay/*',
  spiffe_bundle_endpoint: 'https://spire.example/bundle',
};
const pinned = { spiffe_id: 'spiffe://prod.example/ns/pay/sa/refunder', bundle: { keys: [KEY] } };
const client = { client_id: 'refunder', identity_providers: [], resource_servers: [] };

function read(spiffe: unknown, changes: object = {}) {
  return readClient({ ...client, spiffe, ...changes }, { allowHttpLoopback: false });
}

function pointers(spiffe: unknown, changes: object = {}): readonly string[] {
  const result = read(spiffe, changes);
  return 'problems' in result ? result.problems.map(({ pointer }) => pointer) : [];
}

it('reads a SPIFFE ID, and where its bundle is', () => {
  expect(read(fetched)).toMatchObject({
    registration: {
      authentication: {
        method: 'spiffe_jwt',
        id: { trustDomain: 'prod.example', segments: ['ns', 'pay'], isPrefix: true },
        keys: { id: 'prod.example', bundleEndpoint: 'https://spire.example/bundle' },
        maxAssertionSeconds: 3600,
      },
    },
  });
  expect(read(pinned)).toMatchObject({
    registration: { authentication: { id: { isPrefix: false }, keys: [{ kid: 'one' }] } },
  });
});

const ID = ['#/spiffe/spiffe_id'];

it.each<[string, Record<string, unknown>, readonly string[]]>([
  ['C-18 a trust domain in upper case', { spiffe_id: 'spiffe://Prod.example/a' }, ID],
  ['C-20 a whole trust domain', { spiffe_id: 'spiffe://prod.example/*' }, ID],
  ['a trust domain alone', { spiffe_id: 'spiffe://prod.example' }, ID],
  ['a star within', { spiffe_id: 'spiffe://prod.example/*/sa' }, ID],
  ['a part of a segment', { spiffe_id: 'spiffe://prod.example/ns/pay*' }, ID],
  ['dots', { spiffe_id: 'spiffe://prod.example/a/../b' }, ID],
  ['another scheme', { spiffe_id: 'https://prod.example/a' }, [...ID, ...ID]],
  ['no bundle', { spiffe_bundle_endpoint: undefined }, ['#/spiffe', '#/spiffe/bundle']],
  ['two bundles', { bundle: pinned.bundle }, ['#/spiffe']],
  ['plain http', { spiffe_bundle_endpoint: 'http://spire.example' }, ['#/spiffe/spiffe_bundle_endpoint']],
])('refuses %s', (_, changes, expected) => {
  expect(pointers({ ...fetched, ...changes })).toEqual(expected);
  expect(pointers(fetched)).toEqual([]);
});

it.each<[string, object]>([
  ['C-17 a private key', { d: 'AA' }],
  ['a key for X.509-SVIDs', { use: 'x509-svid' }],
  ['a key for signatures in general', { use: 'sig' }],
  ['a key without use', { use: undefined }],
  ['a key without kid', { kid: undefined }],
])('refuses a bundle with %s', (_, change) => {
  expect(pointers({ ...pinned, bundle: { keys: [{ ...KEY, ...change }] } })).toEqual([
    '#/spiffe/bundle/keys/0',
  ]);
  expect(pointers(pinned)).toEqual([]);
});

it('refuses keys of the client beside it, and what is for those', () => {
  expect(pointers(pinned, { jwks: { keys: [{ ...KEY, use: 'sig' }] } })).toEqual(['#/spiffe']);
  expect(pointers(pinned, { legacy_audience: true })).toEqual(['#/legacy_audience']);
});
