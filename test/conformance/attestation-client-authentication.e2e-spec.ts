import { attestedClient, AttestedCaller } from '../support/deployment/attested-caller.ts';
import { Caller, type Claims } from '../support/deployment/caller.ts';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';

const attester = makeSigningKey();
const stranger = makeSigningKey();
const instance = makeSigningKey();

/** draft-ietf-oauth-attestation-based-client-auth: an attester vouches for the key of an installation, which proves it. */
const broker = useBroker({ clients: () => [attestedClient(attester)] });
let caller: AttestedCaller;
beforeEach(() => {
  caller = new AttestedCaller(broker.deployment, attester, instance);
});
afterEach(async () => {
  expect((await new AttestedCaller(broker.deployment, attester, instance).attested()).status).toBe(200);
});

it('RFC 8414 §2: the metadata name both kinds of proof', async () => {
  const response = await fetch(`${broker.deployment.issuer}/.well-known/oauth-authorization-server`);
  expect(await response.json()).toMatchObject({
    token_endpoint_auth_methods_supported: expect.arrayContaining([
      'attest_jwt_client_auth',
      'attest_jwt_client_auth_dpop',
    ]) as unknown,
  });
});

it('Attestation-based client authentication: an attestation serves again, each time with a new proof of its key', async () => {
  const attestation = caller.attestation();
  expect((await caller.attested({ attestation })).status).toBe(200);
  expect((await caller.attested({ attestation }, { client_id: 'app' })).status).toBe(200);
});

it('C-10, Attestation-based client authentication: a proof is good once', async () => {
  const proof = caller.attestationProof();
  expect((await caller.attested({ proof })).status).toBe(200);
  expectError(await caller.attested({ proof }), '401 invalid_client');
});

it.each<[string, Claims, Claims]>([
  ['of another typ', {}, { typ: 'JWT' }],
  ['of another issuer', { iss: 'https://other.example' }, {}],
  ['of an unknown client', { sub: 'nobody' }, {}],
  ['without an end', { exp: undefined }, {}],
  ['without a key', { cnf: undefined }, {}],
])('Attestation-based client authentication: an attestation %s is refused', async (_, claims, header) => {
  const attestation = caller.attestation(claims, header);
  expectError(await caller.attested({ attestation }), '401 invalid_client');
});

it.each<[string, Claims, Claims]>([
  ['of another typ', {}, { typ: 'dpop+jwt' }],
  ['for another server', { aud: 'https://other.example' }, {}],
  ['without a name', { jti: undefined }, {}],
  ['without a time', { iat: undefined }, {}],
])('Attestation-based client authentication: a proof %s is refused', async (_, claims, header) => {
  const proof = caller.attestationProof(claims, header);
  expectError(await caller.attested({ proof }), '401 invalid_client');
});

it('Attestation-based client authentication: a proof by another key is refused', async () => {
  expectError(
    await caller.attested({ proof: caller.attestationProof({}, {}, stranger) }),
    '401 invalid_client',
  );
});

it('Attestation-based client authentication: a proof without an attestation is no request', async () => {
  await caller.attested();
  caller.showProofAlone();
  expectError(await caller.exchange(), '400 invalid_request');
});

it('Attestation-based client authentication: a DPoP proof of the attested key is proof enough, and the token is bound to it', async () => {
  const { status, body } = await caller.combined();
  expect([status, body['token_type']]).toEqual([200, 'DPoP']);
  const token = String(body['access_token']);
  const dpop_proof = caller.apiProof(token, {}, instance);
  const spent = await new Caller(broker.deployment).introspect(token, { dpop_proof });
  expect(spent.body).toMatchObject({ active: true, client_id: 'app', cnf: { jkt: instance.thumbprint } });
});

it('check 29, Attestation-based client authentication: a DPoP proof of another key is refused, and is given no nonce', async () => {
  expectError(await caller.combined(stranger), '401 invalid_client');
  const withoutNonce = await caller.attested({ proof: null, dpop: caller.proof({ nonce: undefined }) });
  expectError(withoutNonce, '401 invalid_client');
  expect(withoutNonce.headers.get('dpop-nonce')).toBeNull();
});
