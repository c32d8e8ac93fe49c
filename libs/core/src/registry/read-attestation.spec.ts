import { readClient } from './read-registrations.ts';

const client = { client_id: 'app', identity_providers: [], resource_servers: [] };

function read(attestation: object) {
  return readClient({ ...client, attestation }, { allowHttpLoopback: false });
}

it.each<[string, object, string | null]>([
  ['nobody’s word on posture', {}, null],
  ['nobody’s where that is said', { posture: false }, null],
  ['the word of the issuer', { posture: true }, 'https://mdm.example'],
])('takes %s', (_, changes, postureIssuer) => {
  expect(read({ issuer: 'https://mdm.example', ...changes })).toMatchObject({
    registration: { authentication: { method: 'attest_jwt_client_auth', postureIssuer } },
  });
});

it.each<[string, object, readonly string[]]>([
  ['posture of nobody by name', { posture: true }, ['#/attestation/posture', '#/attestation/jwks']],
  ['posture perhaps', { issuer: 'https://mdm.example', posture: 'yes' }, ['#/attestation/posture']],
])('refuses %s', (_, attestation, expected) => {
  const result = read(attestation);
  expect('problems' in result ? result.problems.map(({ pointer }) => pointer) : []).toEqual(expected);
});
