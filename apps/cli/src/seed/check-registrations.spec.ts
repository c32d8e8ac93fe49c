import { generateKeyPairSync } from 'node:crypto';
import { checkRegistrations, type StoredRegistrations } from './check-registrations.ts';
import type { SeedDocument } from './read-seed-folders.ts';

const PAIR = generateKeyPairSync('ed25519');
const JWKS = { keys: [PAIR.publicKey.export({ format: 'jwk' })] };
const PRIVATE = PAIR.privateKey.export({ format: 'jwk' });

const CORP = { id: 'corp', issuer: 'https://corp.example', groups_claim: 'groups' };
const PARTNER = {
  id: 'partner',
  issuer: 'https://partner.example',
  groups_claim: 'groups',
  groups_prefix: 'partner:',
};
const MDM = { id: 'mdm', issuer: 'https://mdm.example' };
const ORDERS = { id: 'orders', client_id: 'orders-api', resource: 'https://api.example', jwks: JWKS };
const DESK = {
  client_id: 'desk',
  jwks: JWKS,
  identity_providers: [{ id: 'corp', audiences: ['web'] }],
  resource_servers: ['orders'],
};

interface Case {
  name: string;
  identityProviders?: unknown[];
  eventTransmitters?: unknown[];
  clients?: unknown[];
  resourceServers?: unknown[];
  roleBindings?: unknown[];
  stored?: Partial<StoredRegistrations>;
  expected: string[];
}

describe('checkRegistrations', () => {
  it.each<Case>([
    {
      name: 'accepts a whole that fits together',
      identityProviders: [CORP, PARTNER],
      clients: [DESK],
      resourceServers: [ORDERS],
      expected: [],
    },
    {
      name: 'accepts references to what is stored',
      clients: [DESK],
      stored: { identityProviders: [CORP], resourceServers: [ORDERS] },
      expected: [],
    },
    {
      name: 'accepts the replacement of what is stored',
      identityProviders: [{ ...CORP, max_age_seconds: 60 }],
      clients: [DESK],
      resourceServers: [ORDERS],
      stored: { identityProviders: [CORP], resourceServers: [ORDERS], clients: [DESK] },
      expected: [],
    },
    {
      name: 'C-17 refuses private and symmetric keys',
      identityProviders: [CORP],
      clients: [{ ...DESK, jwks: { keys: [PRIVATE, { kty: 'oct', k: 'c2VjcmV0' }] } }],
      resourceServers: [{ ...ORDERS, jwks: { keys: [PRIVATE] } }],
      expected: ['servers#/0/jwks/keys/0', 'clients#/0/jwks/keys/0', 'clients#/0/jwks/keys/1'],
    },
    {
      name: 'tells every problem of every document, with its place',
      identityProviders: [CORP, { id: 'X', issuer: 'http://x.example' }],
      clients: [{ ...DESK, secret: 'x', jwks: {} }],
      resourceServers: [ORDERS],
      expected: ['providers#/1/issuer', 'providers#/1/id', 'clients#/0/secret', 'clients#/0/jwks'],
    },
    {
      name: 'refuses two providers whose groups would meet',
      identityProviders: [CORP, { ...PARTNER, groups_prefix: undefined }],
      expected: ['providers#/1/groups_prefix'],
    },
    {
      name: 'refuses a provider whose groups would meet those of a stored one',
      identityProviders: [CORP],
      stored: { identityProviders: [{ id: 'old', issuer: 'https://old.example', groups_claim: 'roles' }] },
      expected: ['providers#/0/groups_prefix'],
    },
    {
      name: 'lets a provider without groups have no prefix',
      identityProviders: [CORP, { id: 'plain', issuer: 'https://plain.example' }],
      expected: [],
    },
    {
      name: 'refuses an issuer twice',
      identityProviders: [CORP, { id: 'again', issuer: CORP.issuer }],
      expected: ['providers#/1/issuer'],
    },
    {
      name: 'refuses an id twice',
      identityProviders: [CORP, { id: 'corp', issuer: 'https://other.example' }],
      expected: ['providers#/1/id'],
    },
    {
      name: 'accepts an event transmitter, and the replacement of one that is stored',
      identityProviders: [CORP],
      eventTransmitters: [MDM, { id: 'other', issuer: 'https://other.example', jwks: JWKS }],
      stored: { eventTransmitters: [{ ...MDM, audience: 'https://broker.example' }] },
      expected: [],
    },
    {
      name: 'refuses a transmitter with a private key, and members that it does not have',
      eventTransmitters: [
        { ...MDM, jwks: { keys: [PRIVATE] } },
        { ...MDM, id: 'b', devices: true },
      ],
      expected: ['transmitters#/0/jwks/keys/0', 'transmitters#/1/devices'],
    },
    {
      name: 'refuses a transmitter of the id of another, and one of the issuer of another',
      eventTransmitters: [MDM, { ...MDM, issuer: 'https://b.example' }, { ...MDM, id: 'c' }],
      expected: ['transmitters#/1/id', 'transmitters#/2/issuer'],
    },
    {
      name: 'refuses a transmitter of the issuer of an identity provider, seeded or stored',
      identityProviders: [CORP],
      eventTransmitters: [
        { ...MDM, issuer: CORP.issuer },
        { id: 'b', issuer: PARTNER.issuer },
      ],
      stored: { identityProviders: [PARTNER] },
      expected: ['transmitters#/0/issuer', 'transmitters#/1/issuer'],
    },
    {
      name: 'refuses an identity provider of the issuer of a stored transmitter',
      identityProviders: [{ ...CORP, issuer: MDM.issuer }],
      stored: { eventTransmitters: [MDM] },
      expected: ['providers#/0/issuer'],
    },
    {
      name: 'refuses a client that is called like a resource server',
      identityProviders: [CORP],
      resourceServers: [ORDERS],
      clients: [{ ...DESK, client_id: 'orders-api' }],
      expected: ['clients#/0/client_id'],
    },
    {
      name: 'refuses one base URL in two spellings',
      resourceServers: [ORDERS, { ...ORDERS, id: 'b', client_id: 'b', resource: 'https://API.example:443/' }],
      expected: ['servers#/1/resource'],
    },
    {
      name: 'refuses references to nothing',
      clients: [DESK],
      expected: ['clients#/0/identity_providers', 'clients#/0/resource_servers'],
    },
    {
      name: 'refuses an actor of a provider that nobody registers',
      identityProviders: [CORP],
      resourceServers: [ORDERS],
      clients: [{ ...DESK, actors: [{ id: 'partner', audiences: ['agents'], subjects: ['agent-7'] }] }],
      expected: ['clients#/0/actors'],
    },
    {
      name: 'lets a client call the admin API, which nobody registers',
      identityProviders: [CORP],
      clients: [{ ...DESK, resource_servers: ['oncekey-admin'] }],
      expected: [],
    },
    {
      name: 'refuses role bindings of no role, of nobody, and of one id',
      roleBindings: [
        { id: 'a', role: 'auditor', group: 'audit' },
        { id: 'a', role: 'publisher', issuer: CORP.issuer, subject: 'ada' },
        { id: 'b', role: 'root', group: 'audit' },
        { id: 'c', role: 'auditor' },
      ],
      expected: ['bindings#/2/role', 'bindings#/3/issuer', 'bindings#/3/subject', 'bindings#/1/id'],
    },
    {
      name: 'refuses what is no object',
      identityProviders: ['corp'],
      expected: ['providers#/0', 'providers#/0/issuer', 'providers#/0/id'],
    },
  ])(
    '$name',
    ({
      identityProviders = [],
      eventTransmitters = [],
      clients = [],
      resourceServers = [],
      roleBindings = [],
      stored = {},
      expected,
    }) => {
      const problems = checkRegistrations(
        {
          identityProviders: listed('providers', identityProviders),
          eventTransmitters: listed('transmitters', eventTransmitters),
          clients: listed('clients', clients),
          resourceServers: listed('servers', resourceServers),
          roleBindings: listed('bindings', roleBindings),
        },
        { identityProviders: [], eventTransmitters: [], clients: [], resourceServers: [], ...stored },
        { allowHttpLoopback: false },
      );
      const places = new Set(problems.map(({ file, pointer }) => `${file}${pointer}`));
      expect([...places]).toEqual(expected);
    },
  );
});

function listed(file: string, documents: readonly unknown[]): SeedDocument[] {
  return documents.map((document, at) => ({
    document: JSON.parse(JSON.stringify(document)) as unknown,
    problem: (pointer, message) => ({
      file,
      pointer: `#/${at}${pointer.slice(1)}`,
      line: null,
      column: null,
      message,
    }),
  }));
}
