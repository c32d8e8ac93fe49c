import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let administration: Administration;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  administration = await startAdministration(deployment);
}, 60_000);
afterAll(async () => {
  await administration?.stop();
  await deployment?.stop();
});

const ROBOT = {
  client_id: 'robot',
  identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
  resource_servers: ['orders'],
};
const KEY = makeSigningKey();
const JWKS = { keys: [KEY.publicJwk] };
const PRIVATE = KEY.privateKey.export({ format: 'jwk' });
const SYMMETRIC = { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ' };
const GITHUB = { issuer: 'https://token.actions.githubusercontent.com', claims: { repository_id: '1' } };

const SPIFFE = {
  spiffe_id: 'spiffe://prod.example/ns/a/*',
  spiffe_bundle_endpoint: 'https://spire.example/bundle',
};

const AUTHORITY = makeAuthority('Root');
const CERTIFIED = { san_dns: 'robot.example', certificate_authorities: [AUTHORITY.pem] };
const SELF_SIGNED = { certificate_thumbprints: [AUTHORITY.thumbprint] };

const WAYS = [
  { jwks: JWKS },
  { federation: GITHUB },
  { spiffe: SPIFFE },
  { tls_client_auth: CERTIFIED },
  { self_signed_tls_client_auth: SELF_SIGNED },
  { attestation: { issuer: 'https://mdm.example' } },
  { attestation: { issuer: 'https://mdm.example', posture: true } },
];

/** The positive control: the same client, registered as it should be. */
afterEach(async () => {
  const { admin } = administration;
  for (const way of WAYS) {
    const created = await admin.post('/clients', { ...ROBOT, ...way });
    expect([created.status, created.text]).toEqual([201, created.text]);
    expect(created.body).toMatchObject(way);
    expect((await admin.delete('/clients/robot', created.headers.get('etag') ?? '')).status).toBe(204);
  }
});

interface Refused {
  readonly name: string;
  readonly way: object;
  readonly pointer: string;
}

it.each<Refused>([
  { name: 'C-17: a private key', way: { jwks: { keys: [PRIVATE] } }, pointer: '#/jwks/keys/0' },
  { name: 'C-17: a symmetric key', way: { jwks: { keys: [SYMMETRIC] } }, pointer: '#/jwks/keys/0' },
  {
    name: 'C-17: a symmetric key behind a good one',
    way: { jwks: { keys: [KEY.publicJwk, SYMMETRIC] } },
    pointer: '#/jwks/keys/1',
  },
  {
    name: 'C-17: a public key with a secret member',
    way: { jwks: { keys: [{ ...KEY.publicJwk, k: SYMMETRIC.k }] } },
    pointer: '#/jwks/keys/0',
  },
  {
    name: 'C-17: a private key of a platform',
    way: { federation: { ...GITHUB, jwks: { keys: [PRIVATE] } } },
    pointer: '#/federation/jwks/keys/0',
  },
  {
    name: 'C-20: a wildcard',
    way: { federation: { ...GITHUB, claims: { repository_id: '1', sub: 'repo:acme/*' } } },
    pointer: '#/federation/claims/sub',
  },
  {
    name: 'C-20: wildcards only',
    way: { federation: { issuer: 'https://ci.example', claims: { sub: '*' } } },
    pointer: '#/federation/claims/sub',
  },
  {
    name: 'C-20: a branch of any repository',
    way: { federation: { ...GITHUB, claims: { ref: 'refs/heads/main' } } },
    pointer: '#/federation/claims',
  },
  {
    name: 'C-18: an uppercase trust domain',
    way: { spiffe: { ...SPIFFE, spiffe_id: 'spiffe://PROD.example/ns/a' } },
    pointer: '#/spiffe/spiffe_id',
  },
  {
    name: 'C-20: a whole trust domain',
    way: { spiffe: { ...SPIFFE, spiffe_id: 'spiffe://prod.example/*' } },
    pointer: '#/spiffe/spiffe_id',
  },
  {
    name: 'C-17: a private key in a bundle',
    way: {
      spiffe: { spiffe_id: SPIFFE.spiffe_id, bundle: { keys: [{ ...PRIVATE, use: 'jwt-svid', kid: '1' }] } },
    },
    pointer: '#/spiffe/bundle/keys/0',
  },
  {
    name: 'CVE-2025-6037: a certificate that is no authority',
    way: { tls_client_auth: { ...CERTIFIED, certificate_authorities: [makeCertificate().pem] } },
    pointer: '#/tls_client_auth/certificate_authorities/0',
  },
  {
    name: 'C-17: a private key beside a certificate',
    way: { self_signed_tls_client_auth: { jwks: { keys: [{ ...PRIVATE, x5c: ['AAAA'] }] } } },
    pointer: '#/self_signed_tls_client_auth/jwks/keys/0',
  },
  {
    name: 'C-17: a private key of an attester',
    way: { attestation: { jwks: { keys: [PRIVATE] } } },
    pointer: '#/attestation/jwks/keys/0',
  },
  {
    name: 'the posture of an attester without a name',
    way: { attestation: { jwks: JWKS, posture: true } },
    pointer: '#/attestation/posture',
  },
  { name: 'an attester without keys', way: { attestation: {} }, pointer: '#/attestation/jwks' },
  { name: 'two ways to authenticate', way: { jwks: JWKS, federation: GITHUB }, pointer: '#/federation' },
  { name: 'no way to authenticate', way: {}, pointer: '#/jwks' },
  { name: 'a shared secret', way: { jwks: JWKS, client_secret: 's' }, pointer: '#/client_secret' },
])('refuses $name', async ({ way, pointer }) => {
  const answer = await administration.admin.post('/clients', { ...ROBOT, ...way });
  expect([answer.status, answer.body['type']]).toEqual([422, 'urn:oncekey:problem:admin.invalid']);
  expect(answer.body['errors']).toContainEqual(expect.objectContaining({ pointer }));
  expect(answer.text).not.toContain(SYMMETRIC.k);
  expect(answer.text).not.toContain(String(PRIVATE.d));
});

it.each([
  { name: 'an attester', way: { attestation: { jwks: JWKS } } },
  {
    name: 'caller tokens beside the token of its platform',
    way: { federation: GITHUB, caller_tokens: true },
  },
])('refuses a resource server with $name', async ({ way }) => {
  const server = { id: 'robots', client_id: 'robots-api', resource: 'https://robots.example' };
  const answer = await administration.admin.post('/resource-servers', { ...server, ...way });
  expect([answer.status, answer.body['type']]).toEqual([422, 'urn:oncekey:problem:admin.invalid']);
  const right = { ...server, federation: GITHUB };
  const { status, body, headers } = await administration.admin.post('/resource-servers', right);
  expect([status, body['id']]).toEqual([201, 'robots']);
  const etag = headers.get('etag') ?? '';
  expect((await administration.admin.delete('/resource-servers/robots', etag)).status).toBe(204);
});
