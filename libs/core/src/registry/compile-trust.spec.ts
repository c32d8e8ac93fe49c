import type { LiveRelease } from '../policy/release.ts';
import { compileTrust, type RegistrationRows } from './compile-trust.ts';

const jwks = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
      y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
    },
  ],
};
const provider = { id: 'corp', issuer: 'https://login.corp.example' };
const server = { id: 'orders', client_id: 'orders-api', jwks, resource: 'https://api.example' };
const client = { client_id: 'orders-web', jwks, identity_providers: [], resource_servers: ['orders'] };
const release: LiveRelease = {
  number: 1,
  catalog: { apis: [], match: () => null },
  claimed: {},
  policies: [],
  evaluate: () => ({ effect: 'deny', determining: [], failed: false }),
  obligationsOf: () => ({}),
  refersTo: () => false,
  speaksOf: () => false,
};

const compile = (rows: Partial<RegistrationRows>) =>
  compileTrust(
    {
      revision: '1',
      identityProviders: [],
      eventTransmitters: [],
      clients: [],
      resourceServers: [],
      roleBindings: [],
      ...rows,
    },
    { release, shadow: null },
    { allowHttpLoopback: false },
  );

test('finds whom it trusts by their names', () => {
  const { trust, leftOut } = compile({
    identityProviders: [provider],
    clients: [client],
    resourceServers: [{ number: 1, version: '1', document: server }],
  });
  expect(leftOut).toEqual([]);
  expect(trust).toMatchObject({ revision: '1', release });
  expect(trust.identityProvider('https://login.corp.example')?.id).toBe('corp');
  expect(trust.caller('orders-web')?.kind).toBe('client');
  expect(trust.caller('orders-api')?.kind).toBe('resource_server');
  expect(trust.resourceServer('https://api.example/')?.number).toBe(1);
});

test('takes events of transmitters that are no identity providers, and has no issuer twice', () => {
  const mdm = { id: 'mdm', issuer: 'https://mdm.example' };
  const { trust, leftOut } = compile({
    identityProviders: [{ ...provider, events: {} }],
    eventTransmitters: [mdm, { id: 'twin', issuer: provider.issuer }],
  });
  expect(trust.eventSources().map(({ id }) => id)).toEqual(['corp', 'mdm']);
  expect(trust.eventSource(mdm.issuer)).toMatchObject({
    keys: { id: 'mdm', transmitter: mdm.issuer },
    transmitter: { devices: true },
  });
  expect(trust.identityProvider(mdm.issuer)).toBeNull();
  expect(leftOut).toMatchObject([{ kind: 'event_transmitter', document: { id: 'twin' } }]);
});

test.each([
  ['J-40 a trailing slash', 'https://login.corp.example/'],
  ['J-41 another case', 'https://LOGIN.corp.example'],
  ['J-41 the default port', 'https://login.corp.example:443'],
  ['J-41 an escaped letter', 'https://login.corp.ex%61mple'],
  ['J-42 a Cyrillic look-alike', 'https://login.c\u043erp.example'],
  ['J-43 a longer host', 'https://login.corp.example.evil.test'],
  ['J-43 a path that leads back', 'https://login.corp.example/../'],
  ['J-43 a fragment', 'https://login.corp.example#'],
  ['a blank', 'https://login.corp.example '],
  ['a name that every object has', 'constructor'],
  ['J-44 nothing', ''],
])('%s is another issuer', (_, issuer) => {
  expect(compile({ identityProviders: [provider] }).trust.identityProvider(issuer)).toBeNull();
});

test('one bad row of each kind is left out and reported, and stops no other', () => {
  const { trust, leftOut } = compile({
    identityProviders: [
      { ...provider, algorithms: ['HS256'] },
      { id: 'other', issuer: 'https://other.example' },
    ],
    clients: [null, client],
    resourceServers: [
      { number: 1, version: '1', document: { ...server, resource: 'ftp://x' } },
      { number: 2, version: '1', document: server },
    ],
    roleBindings: [
      { id: 'sales', role: 'auditor', group: 'oncekey:publisher' },
      { id: 'ops', role: 'auditor', group: 'ops' },
      { id: 'ops', role: 'security-admin', group: 'ops' },
    ],
  });
  expect(leftOut.map(({ kind }) => kind)).toEqual([
    'identity_provider',
    'resource_server',
    'client',
    'role_binding',
    'role_binding',
  ]);
  for (const { problems } of leftOut) expect(problems.length).toBeGreaterThan(0);
  expect(trust.identityProvider(provider.issuer)).toBeNull();
  expect(trust.identityProvider('https://other.example')?.id).toBe('other');
  expect(trust.caller('orders-web')).not.toBeNull();
  expect(trust.resourceServer('https://api.example/')?.number).toBe(2);
  const holder = { issuer: 'https://other.example', subject: 'ada', groups: ['ops', 'oncekey:publisher'] };
  expect(trust.roleGroupsOf(holder)).toEqual(['oncekey:auditor']);
});

describe('whoever claims a name that is taken is left out whole', () => {
  const other = { id: 'billing', client_id: 'billing-api', jwks, resource: 'https://billing.example' };

  test.each<[string, number, object]>([
    ['the policy id', 2, { ...other, id: 'orders' }],
    ['the client id', 2, { ...other, client_id: 'orders-api' }],
    ['the identifier', 2, { ...other, resource: 'https://api.example' }],
    ['the identifier in another spelling', 2, { ...other, resource: 'https://API.example:443/' }],
    ['the number in the ledger', 1, other],
  ])('a resource server with %s of another', (_, number, document) => {
    const { trust, leftOut } = compile({
      resourceServers: [
        { number: 1, version: '1', document: server },
        { number, version: '1', document },
        { number: 3, version: '1', document: { ...other, id: 'third' } },
      ],
    });
    expect(leftOut.map((row) => row.document)).toEqual([document]);
    expect(trust.resourceServer('https://api.example/')?.clientId).toBe('orders-api');
    expect(trust.caller('orders-api')).toMatchObject({ id: 'orders', number: 1 });
    expect(trust.caller('billing-api')).toMatchObject({ id: 'third', number: 3 });
    expect(trust.resourceServer('https://billing.example/')?.id).toBe('third');
  });

  test('an identity provider with the id of another, which clients would trust in its place', () => {
    const impostor = { id: 'corp', issuer: 'https://evil.test' };
    const { trust, leftOut } = compile({ identityProviders: [provider, impostor] });
    expect(leftOut.map((row) => row.document)).toEqual([impostor]);
    expect(trust.identityProvider('https://evil.test')).toBeNull();
    expect(trust.identityProvider(provider.issuer)?.id).toBe('corp');
  });

  test('an identity provider with the issuer of another', () => {
    const { trust, leftOut } = compile({ identityProviders: [provider, { ...provider, id: 'copy' }] });
    expect(leftOut).toHaveLength(1);
    expect(trust.identityProvider(provider.issuer)?.id).toBe('corp');
  });

  test('a client with the client id of a client or of a resource server', () => {
    const { trust, leftOut } = compile({
      clients: [client, { ...client, resource_servers: ['all'] }, { ...client, client_id: 'orders-api' }],
      resourceServers: [{ number: 1, version: '1', document: server }],
    });
    expect(leftOut).toHaveLength(2);
    expect(trust.caller('orders-web')).toMatchObject({ resourceServers: new Set(['orders']) });
    expect(trust.caller('orders-api')?.kind).toBe('resource_server');
  });
});
