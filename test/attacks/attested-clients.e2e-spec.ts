import { attestedClient, AttestedCaller } from '../support/deployment/attested-caller.ts';
import { Caller, type Claims } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey, type SigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const attester = makeSigningKey();
const stranger = makeSigningKey();
const instance = makeSigningKey();

let deployment: Deployment;
let records: Records;
let caller: AttestedCaller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url, clients: () => [attestedClient(attester)] });
  records = await Records.open(url);
  caller = new AttestedCaller(deployment, attester, instance);
}, 60_000);
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
});

afterEach(async () => {
  expect((await caller.attested({})).status).toBe(200);
  await expectServed(new Caller(deployment));
});

describe('attest_jwt_client_auth', () => {
  interface Bad {
    readonly name: string;
    readonly claims?: Claims;
    readonly header?: Claims;
    readonly key?: SigningKey;
    readonly reason: string;
  }
  const now = (): number => Math.floor(Date.now() / 1000);

  it.each<Bad>([
    { name: 'of another attester', key: stranger, reason: 'client.bad_signature' },
    { name: 'that the instance made itself', key: instance, reason: 'client.bad_signature' },
    { name: 'without typ', header: { typ: undefined }, reason: 'client.wrong_kind' },
    { name: 'of typ JWT', header: { typ: 'JWT' }, reason: 'client.wrong_kind' },
    { name: 'of another issuer', claims: { iss: 'https://other.example' }, reason: 'client.bad_attestation' },
    { name: 'of an unknown client', claims: { sub: 'nobody' }, reason: 'client.unknown' },
    { name: 'of a client with keys of its own', claims: { sub: 'desk' }, reason: 'client.wrong_method' },
    { name: 'without exp', claims: { exp: undefined }, reason: 'client.wrong_time' },
    { name: 'that has expired', claims: { exp: now() - 60 }, reason: 'client.wrong_time' },
    { name: 'for a year', claims: { exp: now() + 31_536_000 }, reason: 'client.wrong_time' },
    { name: 'without cnf', claims: { cnf: undefined }, reason: 'client.bad_attestation' },
    {
      name: 'that names a private key',
      claims: { cnf: { jwk: instance.privateKey.export({ format: 'jwk' }) } },
      reason: 'client.bad_attestation',
    },
    {
      name: 'that names a symmetric key',
      claims: { cnf: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } },
      reason: 'client.bad_attestation',
    },
  ])('refuses an attestation $name', async ({ claims, header, key, reason }) => {
    const answer = await caller.attested({ attestation: caller.attestation(claims, header, key) });
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason });
  });

  it.each<Bad>([
    { name: 'of another key', key: stranger, reason: 'client.bad_signature' },
    { name: 'of typ JWT', header: { typ: 'JWT' }, reason: 'client.wrong_kind' },
    { name: 'for another server', claims: { aud: 'https://other.example' }, reason: 'client.wrong_audience' },
    { name: 'without jti', claims: { jti: undefined }, reason: 'client.bad_jti' },
    { name: 'without iat', claims: { iat: undefined }, reason: 'client.wrong_time' },
    { name: 'that is two minutes old', claims: { iat: now() - 120 }, reason: 'client.wrong_time' },
    { name: 'of the next minute', claims: { iat: now() + 61 }, reason: 'client.wrong_time' },
    {
      name: 'with a challenge of somebody else',
      claims: { challenge: 'x' },
      reason: 'client.bad_attestation',
    },
  ])('refuses a proof $name', async ({ claims, header, key, reason }) => {
    const answer = await caller.attested({ proof: caller.attestationProof(claims, header, key) });
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason });
  });

  it('C-05: refuses another client_id', async () => {
    const answer = await caller.attested({}, { client_id: 'desk' });
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason: 'client.wrong_issuer' });
  });

  it('check 26: refuses an assertion, or a secret, beside it', async () => {
    for (const changes of [new Caller(deployment).parameters(), { client_secret: 's' }]) {
      const answer = await caller.attested({}, changes);
      await expectRefusal(answer, records, {
        answer: '400 invalid_request',
        reason: 'client.several_methods',
      });
    }
  });

  it('refuses a proof without attestation', async () => {
    caller.showProofAlone();
    const answer = await caller.exchange();
    await expectRefusal(answer, records, { answer: '400 invalid_request', reason: 'request.malformed' });
  });
});

describe('attest_jwt_client_auth_dpop', () => {
  it('refuses no proof at all', async () => {
    caller.show({ proof: null });
    const answer = await caller.exchange({}, null);
    await expectRefusal(answer, records, {
      answer: '400 invalid_dpop_proof',
      reason: 'device.proof_missing',
    });
  });

  it('is nothing at an endpoint where the caller makes no DPoP proofs', async () => {
    caller.show({ proof: null });
    const answer = await caller.post(
      '/introspect',
      { token: 'once_nothing' },
      { DPoP: caller.proof({}, {}, instance) },
    );
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason: 'client.bad_attestation' });
  });
});
