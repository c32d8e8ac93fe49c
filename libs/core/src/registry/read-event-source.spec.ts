import { readEventSource } from './read-event-source.ts';

const ISSUER = 'https://mdm.example';
const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
  y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
};

const read = (changes: object) =>
  readEventSource({ id: 'mdm', issuer: ISSUER, ...changes }, { allowHttpLoopback: false });

it.each<[string, object, unknown]>([
  ['by its metadata', {}, { id: 'mdm', transmitter: ISSUER }],
  ['at a URL', { jwks_uri: `${ISSUER}/keys?v=1` }, { id: 'mdm', jwksUri: `${ISSUER}/keys?v=1` }],
  ['as registered', { jwks: { keys: [KEY] } }, [expect.objectContaining({ jwk: KEY })]],
])('finds the keys of a transmitter %s', (_, changes, keys) => {
  expect(read(changes)).toMatchObject({
    registration: {
      id: 'mdm',
      issuer: ISSUER,
      keys,
      transmitter: { audience: null, authorizationSha256: null, devices: true, poll: null },
    },
  });
});

it.each<[string, object, string]>([
  ['no issuer', { issuer: undefined }, '#/issuer'],
  ['an issuer without TLS', { issuer: 'http://mdm.example' }, '#/issuer'],
  ['keys without TLS', { jwks_uri: 'http://mdm.example/keys' }, '#/jwks_uri'],
  ['keys at two places', { jwks_uri: `${ISSUER}/keys`, jwks: { keys: [KEY] } }, '#/jwks_uri'],
  ['a private key', { jwks: { keys: [{ ...KEY, d: 'AA' }] } }, '#/jwks/keys/0'],
  ['groups, which are for those who sign people in', { groups_claim: 'groups' }, '#/groups_claim'],
])('refuses %s', (_, changes, pointer) => {
  expect(read(changes)).toMatchObject({ problems: [{ pointer }] });
});
