import { readClient, readIdentityProvider, readResourceServer, type Read } from './read-registrations.ts';

const rules = { allowHttpLoopback: false };
const EC = {
  kty: 'EC',
  crv: 'P-256',
  x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
  y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
};
const jwks = { keys: [EC] };
const provider = { id: 'corp', issuer: 'https://login.corp.example' };
const client = {
  client_id: 'orders-web',
  jwks,
  identity_providers: [{ id: 'corp', audiences: ['orders-web'] }],
  resource_servers: ['orders'],
};
const server = { id: 'orders', client_id: 'orders-api', jwks, resource: 'https://api.example/v1' };

const readOne = (document: unknown) => readClient(document, rules);
const readServer = (document: unknown) => readResourceServer(document, { number: 7, version: '3' }, rules);
const readProvider = (document: unknown) => readIdentityProvider(document, rules);
const pointersOf = (read: Read<unknown>): readonly string[] =>
  'problems' in read ? read.problems.map(({ pointer }) => pointer) : [];

test('reads an identity provider, with its defaults', () => {
  expect(readProvider(provider)).toEqual({
    registration: {
      id: 'corp',
      issuer: 'https://login.corp.example',
      algorithms: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
      maxAgeSeconds: 3600,
      groupsClaim: null,
      groupsPrefix: '',
      events: null,
    },
  });
});

test('reads a client, with its defaults', () => {
  expect(readOne(client)).toEqual({
    registration: {
      kind: 'client',
      clientId: 'orders-web',
      authentication: {
        method: 'private_key_jwt',
        keys: [expect.objectContaining({ jwk: EC })],
        algorithms: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
        legacyAudience: false,
        maxAssertionSeconds: 600,
      },
      identityProviders: new Map([['corp', ['orders-web']]]),
      resourceServers: new Set(['orders']),
      actors: new Map(),
      quota: null,
      browserOrigins: new Set(),
      workloads: [],
      tradesTransactions: false,
    },
  });
});

test.each<[string, object, object]>([
  ['as much at once as in two seconds', { requests_per_second: 5 }, { requestsPerSecond: 5, burst: 10 }],
  ['as much at once as it says', { requests_per_second: 5, burst: 1 }, { requestsPerSecond: 5, burst: 1 }],
])('reads quotas of both kinds: %s', (_, quota, read) => {
  expect(readOne({ ...client, quota })).toMatchObject({ registration: { quota: read } });
  expect(readServer({ ...server, quota })).toMatchObject({ registration: { quota: read } });
});

test('reads a resource server, strictest where nothing is said', () => {
  expect(readServer(server)).toEqual({
    registration: expect.objectContaining({
      kind: 'resource_server',
      id: 'orders',
      number: 7,
      resource: 'https://api.example/v1',
      base: { href: 'https://api.example/v1', origin: 'https://api.example', path: '/v1', query: '' },
      binding: 'enforced',
      proof: 'dpop',
    }) as unknown,
  });
});

/** Values that are wrong for every member but where `except` says otherwise. */
const WRONG: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  true,
  '',
  ' ',
  'a b',
  [],
  [null],
  {},
  'x'.repeat(2000),
  '\u0000',
];

describe('every member, hostile', () => {
  const table: readonly [string, (document: unknown) => Read<unknown>, object, readonly string[]][] = [
    [
      'identity provider',
      readProvider,
      provider,
      ['id', 'issuer', 'algorithms', 'max_age_seconds', 'groups_claim', 'groups_prefix'],
    ],
    [
      'client',
      readOne,
      client,
      [
        ...['client_id', 'jwks', 'algorithms', 'max_assertion_seconds'],
        ...['identity_providers', 'resource_servers', 'actors'],
      ],
    ],
    [
      'resource server',
      readServer,
      server,
      ['id', 'client_id', 'jwks', 'resource', 'binding', 'proof', 'algorithms', 'max_assertion_seconds'],
    ],
  ];
  const emptyIsFine = new Set(['identity_providers', 'resource_servers', 'actors']);

  for (const [name, read, document, members] of table) {
    test.each(members)(`of a ${name}: %s`, (member) => {
      for (const wrong of WRONG) {
        if (Array.isArray(wrong) && wrong.length === 0 && emptyIsFine.has(member)) continue;
        expect(pointersOf(read({ ...document, [member]: wrong }))).toContain(`#/${member}`);
      }
      expect(pointersOf(read(document))).toEqual([]);
    });

    test(`a ${name} is one closed object`, () => {
      for (const value of [null, 1, 'x', [], [document], undefined])
        expect(pointersOf(read(value))).toContain('#');
      for (const member of ['kid', '__proto__', 'constructor', 'ID', ' id']) {
        const json = `${JSON.stringify(document).slice(0, -1)},${JSON.stringify(member)}:1}`;
        expect(pointersOf(read(JSON.parse(json)))).toEqual([`#/${member}`]);
      }
      expect(pointersOf(read({ ...document, 'a/b~c': 1 }))).toEqual(['#/a~1b~0c']);
    });
  }
});

test.each<[string, object]>([
  ['J-43 an issuer with a query', { issuer: 'https://login.corp.example?x' }],
  ['J-43 an issuer with a fragment', { issuer: 'https://login.corp.example#x' }],
  ['J-43 an issuer with userinfo', { issuer: 'https://login.corp.example@evil.test' }],
  ['an issuer over http', { issuer: 'http://login.corp.example' }],
  ['an issuer without host', { issuer: 'https:///x' }],
  ['J-42 an issuer with a look-alike', { issuer: 'https://login.c\u043erp.example' }],
  ['an issuer with a newline', { issuer: 'https://login.corp.example\n' }],
  ['an id in capitals', { id: 'Corp' }],
  ['an id that is a path', { id: '../corp' }],
  ['J-02 a symmetric algorithm', { algorithms: ['HS256'] }],
  ['J-01 no signature as an algorithm', { algorithms: ['none'] }],
  ['a known and an unknown algorithm', { algorithms: ['ES256', 'HS256'] }],
  ['an algorithm twice', { algorithms: ['ES256', 'ES256'] }],
  ['no algorithm at all', { algorithms: [] }],
  ['P-11 a groups prefix that makes roles of its groups', { groups_prefix: 'oncekey:' }],
  ['a maximum age of two days', { max_age_seconds: 172_800 }],
  ['a maximum age as text', { max_age_seconds: '3600' }],
])('an identity provider may not have %s', (_, change) => {
  expect(pointersOf(readProvider({ ...provider, ...change }))).toHaveLength(1);
});

test('an identity provider may pin RS256 by name', () => {
  const read = readProvider({ ...provider, algorithms: ['RS256'] });
  expect('registration' in read && read.registration.algorithms).toEqual(['RS256']);
});

test.each<[string, object]>([
  ['no keys', { jwks: { keys: [] } }],
  ['17 keys', { jwks: { keys: Array(17).fill(EC) } }],
  ['C-17 a private key', { jwks: { keys: [{ ...EC, d: 'AA' }] } }],
  ['a good and a symmetric key', { jwks: { keys: [EC, { kty: 'oct', k: 'AA' }] } }],
  ['keys that are no list', { jwks: { keys: EC } }],
  ['a list for a key set', { jwks: [EC] }],
  ['assertions of two hours', { max_assertion_seconds: 7200 }],
  ['assertions of no time', { max_assertion_seconds: 0 }],
  ['an old audience by text', { legacy_audience: 'true' }],
  ['an old audience by null', { legacy_audience: null }],
  ['a client id with a quote', { client_id: 'a"b' }],
  ['a client id with a backslash', { client_id: 'a\\b' }],
  ['a client id of 129 characters', { client_id: 'c'.repeat(129) }],
  [
    'an identity provider twice',
    {
      identity_providers: [
        { id: 'corp', audiences: ['a'] },
        { id: 'corp', audiences: ['b'] },
      ],
    },
  ],
  ['an identity provider without audiences', { identity_providers: [{ id: 'corp' }] }],
  ['an empty audience', { identity_providers: [{ id: 'corp', audiences: [''] }] }],
  [
    'an identity provider with an unknown member',
    { identity_providers: [{ id: 'corp', audiences: ['a'], issuer: 'x' }] },
  ],
  ['an actor without subjects', { actors: [{ id: 'corp', audiences: ['a'] }] }],
  ['an actor of any name', { actors: [{ id: 'corp', audiences: ['a'], subjects: '*' }] }],
  ['an actor with more', { actors: [{ id: 'corp', audiences: ['a'], subjects: ['a'], groups: ['b'] }] }],
  ['a quota of nothing', { quota: { requests_per_second: 0 } }],
  ['a quota of half a request', { quota: { requests_per_second: 0.5 } }],
  ['a quota without a rate', { quota: { burst: 5 } }],
  ['a quota with no room for one request', { quota: { requests_per_second: 5, burst: 0 } }],
  ['a quota without end', { quota: { requests_per_second: 1_000_001 } }],
  ['a quota with more', { quota: { requests_per_second: 5, per: 'hour' } }],
  ['an identity provider by its name alone', { identity_providers: ['corp'] }],
])('a client may not have %s', (_, change) => {
  expect(pointersOf(readOne({ ...client, ...change }))).toHaveLength(1);
});

test.each<[string, object]>([
  ['X-07 a relative resource', { resource: '/v1' }],
  ['X-07 a resource with a fragment', { resource: 'https://api.example/v1#x' }],
  ['X-07 a resource with userinfo', { resource: 'https://a@api.example/v1' }],
  ['a resource with a query', { resource: 'https://api.example/v1?x' }],
  ['a resource with an empty query', { resource: 'https://api.example/v1?' }],
  ['a resource over http', { resource: 'http://api.example/v1' }],
  ['a resource with a matrix parameter', { resource: 'https://api.example/v1;x' }],
  ['a binding in capitals', { binding: 'ENFORCED' }],
  ['an unknown proof', { proof: 'mtls' }],
  ['a quota that is a number', { quota: 50 }],
])('a resource server may not have %s', (_, change) => {
  expect(pointersOf(readServer({ ...server, ...change })).length).toBeGreaterThan(0);
});
