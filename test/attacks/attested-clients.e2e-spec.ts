import { AttestedCaller } from '../support/deployment/attested-caller.ts';
import { Caller, type Claims, type Parameters } from '../support/deployment/caller.ts';
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

const ATTESTATION = 'OAuth-Client-Attestation';
const PROOF = 'OAuth-Client-Attestation-PoP';

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({
    databaseUrl: url,
    clients: () => [
      {
        client_id: 'app',
        attestation: { issuer: 'https://mdm.example', jwks: { keys: [attester.publicJwk] } },
        identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
        resource_servers: ['orders'],
      },
    ],
  });
  records = await Records.open(url);
  caller = new AttestedCaller(deployment, attester, instance);
}, 60_000);
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
});

/** One exchange with its own attestation and proof; `proof` null sends none. */
async function exchange(
  {
    attestation = caller.attestation(),
    proof = caller.attestationProof() as string | null,
    dpop = caller.proof(),
  },
  changes: Parameters = {},
) {
  caller.fields = { [ATTESTATION]: attestation, ...(proof === null ? {} : { [PROOF]: proof }) };
  return caller.exchange(changes, dpop);
}

/** A DPoP proof of the attested key, with the nonce that the client was given. */
async function combined(key: SigningKey = instance, attestation = caller.attestation()) {
  caller.fields = { [ATTESTATION]: attestation };
  const first = await caller.post('/token', caller.parameters(), {
    DPoP: caller.proof({ nonce: undefined }, {}, instance),
  });
  const nonce = first.headers.get('dpop-nonce') ?? undefined;
  return caller.exchange({}, caller.proof({ nonce }, {}, key));
}

beforeEach(async () => {
  caller.fields = { [ATTESTATION]: caller.attestation(), [PROOF]: caller.attestationProof() };
  await caller.learnNonce();
});
afterEach(async () => {
  expect((await exchange({})).status).toBe(200);
  await expectServed(new Caller(deployment));
});

describe('attest_jwt_client_auth', () => {
  it('takes the same attestation again, each time with a new proof of its key', async () => {
    const attestation = caller.attestation();
    expect((await exchange({ attestation })).status).toBe(200);
    expect((await exchange({ attestation }, { client_id: 'app' })).status).toBe(200);
  });

  it('C-10: a proof is good once', async () => {
    const proof = caller.attestationProof();
    expect((await exchange({ proof })).status).toBe(200);
    const again = await exchange({ proof, dpop: caller.proof() });
    await expectRefusal(again, records, { answer: '401 invalid_client', reason: 'client.replayed' });
  });

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
    const answer = await exchange({ attestation: caller.attestation(claims, header, key) });
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
    const answer = await exchange({ proof: caller.attestationProof(claims, header, key) });
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason });
  });

  it('C-05: refuses another client_id', async () => {
    const answer = await exchange({}, { client_id: 'desk' });
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason: 'client.wrong_issuer' });
  });

  it('check 26: refuses an assertion, or a secret, beside it', async () => {
    for (const changes of [new Caller(deployment).parameters(), { client_secret: 's' }]) {
      const answer = await exchange({}, changes);
      await expectRefusal(answer, records, {
        answer: '400 invalid_request',
        reason: 'client.several_methods',
      });
    }
  });

  it('refuses a proof without attestation', async () => {
    caller.fields = { [PROOF]: caller.attestationProof() };
    const answer = await caller.exchange();
    await expectRefusal(answer, records, { answer: '400 invalid_request', reason: 'request.malformed' });
  });
});

describe('attest_jwt_client_auth_dpop', () => {
  it('takes a DPoP proof of the attested key in place of another', async () => {
    const answer = await combined();
    expect([answer.status, answer.text]).toEqual([200, answer.text]);
    const token = String(answer.body['access_token']);
    const dpop_proof = caller.apiProof(token, {}, instance);
    const { body } = await new Caller(deployment).introspect(token, { dpop_proof });
    expect(body).toMatchObject({ active: true, client_id: 'app', cnf: { jkt: instance.thumbprint } });
  });

  it('check 29: refuses a DPoP proof of another key', async () => {
    const refused = { answer: '401 invalid_client', reason: 'client.other_key' };
    await expectRefusal(await combined(stranger), records, refused);
    const withoutNonce = await exchange({ proof: null, dpop: caller.proof({ nonce: undefined }) });
    await expectRefusal(withoutNonce, records, refused);
    expect(withoutNonce.headers.get('dpop-nonce')).toBeNull();
  });

  it('refuses no proof at all', async () => {
    caller.fields = { [ATTESTATION]: caller.attestation() };
    const answer = await caller.exchange({}, null);
    await expectRefusal(answer, records, {
      answer: '400 invalid_dpop_proof',
      reason: 'device.proof_missing',
    });
  });

  it('is nothing at an endpoint where the caller makes no DPoP proofs', async () => {
    caller.fields = { [ATTESTATION]: caller.attestation() };
    const answer = await caller.post(
      '/introspect',
      { token: 'once_nothing' },
      { DPoP: caller.proof({}, {}, instance) },
    );
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason: 'client.bad_attestation' });
  });
});
