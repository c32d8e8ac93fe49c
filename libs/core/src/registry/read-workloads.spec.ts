import { readClient } from './read-registrations.ts';

const KEY = {
  kty: 'EC',
  kid: 'one',
  crv: 'P-256',
  x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
  y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
};
const client = {
  client_id: 'batch',
  jwks: { keys: [KEY] },
  identity_providers: [],
  resource_servers: [],
};
const biller = {
  spiffe_id: 'spiffe://prod.example/ns/pay/sa/biller',
  spiffe_bundle_endpoint: 'https://spire.example/bundle',
};

const read = (workloads: unknown) => readClient({ ...client, workloads }, { allowHttpLoopback: false });

it('reads whose SVIDs a client may present, and as what', () => {
  const pinned = {
    spiffe_id: 'spiffe://prod.example/ns/agents/*',
    bundle: { keys: [{ ...KEY, use: 'jwt-svid' }] },
    as: 'actor',
    algorithms: ['RS256'],
    max_svid_seconds: 300,
  };
  expect(read([biller, { ...biller, as: 'actor' }, pinned])).toMatchObject({
    registration: {
      workloads: [
        {
          id: { trustDomain: 'prod.example', segments: ['ns', 'pay', 'sa', 'biller'], isPrefix: false },
          as: 'subject',
          keys: { id: 'prod.example', bundleEndpoint: 'https://spire.example/bundle' },
          algorithms: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
          maxSvidSeconds: 3600,
        },
        { as: 'actor' },
        { as: 'actor', algorithms: ['RS256'], maxSvidSeconds: 300, id: { isPrefix: true } },
      ],
    },
  });
});

it.each<[string, unknown, string]>([
  ['no list', {}, '#/workloads'],
  ['a null', null, '#/workloads'],
  ['more than there may be', Array.from({ length: 17 }, () => biller), '#/workloads'],
  ['no object', ['x'], '#/workloads/0'],
  ['an unknown member', [{ ...biller, trust: true }], '#/workloads/0/trust'],
  ['a role of its own', [{ ...biller, as: 'admin' }], '#/workloads/0/as'],
  ['one workload twice', [biller, biller], '#/workloads/1/spiffe_id'],
  ['a whole trust domain', [{ ...biller, spiffe_id: 'spiffe://prod.example/*' }], '#/workloads/0/spiffe_id'],
  ['keys from nowhere', [{ spiffe_id: biller.spiffe_id }], '#/workloads/0'],
  [
    'a bundle over http',
    [{ ...biller, spiffe_bundle_endpoint: 'http://spire.example/b' }],
    '#/workloads/0/spiffe_bundle_endpoint',
  ],
  ['SVIDs of a week', [{ ...biller, max_svid_seconds: 604_800 }], '#/workloads/0/max_svid_seconds'],
  ['alg none', [{ ...biller, algorithms: ['none'] }], '#/workloads/0/algorithms'],
])('refuses %s', (_, workloads, pointer) => {
  const result = read(workloads);
  expect('problems' in result ? result.problems.map((one) => one.pointer) : []).toContain(pointer);
  expect(read([biller])).toHaveProperty('registration');
});
