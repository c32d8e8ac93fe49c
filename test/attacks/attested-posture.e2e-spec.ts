import { AttestedCaller } from '../support/deployment/attested-caller.ts';
import { Caller, type Claims } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { Records } from '../support/deployment/records.ts';
import { makeSigningKey, type SigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const MDM = 'https://mdm.example';
const attester = makeSigningKey();
const instance = makeSigningKey();

/** What the device management has called compliant within the last five minutes, with its key in hardware. */
const ONLY_GOOD_DEVICES = `forbid (principal, action == Action::"orders.refund", resource == Api::"orders")
when { ["app", "plain-app"].contains(context.client.id) }
unless {
  context.device has compliant && context.device.compliant && context.device.facts.contains("hardware_key") &&
  context.device has posture_age && context.device.posture_age < 300 &&
  context.device has attested_by && context.device.attested_by == "${MDM}"
};`;

const seconds = (): number => Math.floor(Date.now() / 1000);
const GOOD = { compliant: true, facts: { hardware_key: true } };

let deployment: Deployment;
let records: Records;
let caller: AttestedCaller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  const app = {
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
  };
  const attestation = { issuer: MDM, jwks: { keys: [attester.publicJwk] } };
  deployment = await deploy({
    databaseUrl: url,
    policies: { 'good-devices': ONLY_GOOD_DEVICES },
    clients: () => [
      { ...app, client_id: 'app', attestation: { ...attestation, posture: true } },
      { ...app, client_id: 'plain-app', attestation },
    ],
  });
  records = await Records.open(url);
}, 60_000);
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
});

interface Attempt {
  /** Of the attestation. */
  readonly claims?: Claims;
  /** Of both proofs that the instance makes. */
  readonly own?: Claims;
  readonly dpopKey?: SigningKey;
}

async function exchange({ claims, own, dpopKey = instance }: Attempt = {}): Promise<string> {
  const attestation = caller.attestation({ iat: seconds(), posture: GOOD, ...claims });
  const show = (): void => caller.show({ attestation, proof: caller.attestationProof(own) });
  show();
  await caller.learnNonce();
  show();
  const answer = await caller.exchange({}, caller.proof({ ...own }, {}, dpopKey));
  if (answer.status === 200) return '200';
  return `${answer.status} ${String((await records.eventOf(answer)).reason)}`;
}

beforeEach(() => {
  caller = new AttestedCaller(deployment, attester, instance);
});
afterEach(async () => {
  caller = new AttestedCaller(deployment, attester, instance);
  expect(await exchange()).toBe('200');
  expect((await new Caller(deployment).exchange()).status).toBe(200);
});

const forbidden = '400 policy.forbidden';
const malformed = '401 client.bad_attestation';

it.each<Attempt & { name: string; expected: string }>([
  { name: 'DP-25 lends none to another DPoP key', dpopKey: makeSigningKey(), expected: forbidden },
  { name: 'X-27 is not good where nothing is said', claims: { posture: undefined }, expected: forbidden },
  { name: 'X-27 is not good where it is empty', claims: { posture: {} }, expected: forbidden },
  {
    name: 'is not compliant where the attester says so',
    claims: { posture: { ...GOOD, compliant: false } },
    expected: forbidden,
  },
  {
    name: 'DP-27 tells a key in software from one in hardware, whatever the instance says of itself',
    claims: { posture: { compliant: true, facts: { hardware_key: false } } },
    own: { posture: GOOD, iss: MDM },
    expected: forbidden,
  },
  {
    name: 'DP-26 is as old as the attestation',
    claims: { iat: seconds() - 600 },
    expected: forbidden,
  },
  {
    name: 'is nobody’s word where the registration does not take it',
    claims: { sub: 'plain-app' },
    expected: forbidden,
  },
  { name: 'DP-26 is refused without its age', claims: { iat: undefined }, expected: malformed },
  {
    name: 'is refused with a member that there is not',
    claims: { posture: { ok: true } },
    expected: malformed,
  },
  { name: 'X-27 is refused with a text', claims: { posture: { compliant: 'true' } }, expected: malformed },
])('posture of an attested key $name', async ({ expected, ...attempt }) => {
  expect(await exchange(attempt)).toBe(expected);
});

it('posture of an attested key is on record as what the policies saw', async () => {
  expect(await exchange()).toBe('200');
  const [row] = await records.rows(
    `SELECT event->'question'->'context'->'device'->'attested' AS attested FROM audit_event
      WHERE event->>'callerId' = 'app' AND event->>'outcome' = 'permitted' LIMIT 1`,
  );
  expect(row).toMatchObject({ attested: { compliant: true, facts: ['hardware_key'], attestedBy: MDM } });
});
