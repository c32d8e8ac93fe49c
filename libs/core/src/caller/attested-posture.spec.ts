import { createWorld, credentialsOf, fakeJws, fakeKey, ISSUER, NOW, PROVIDER } from '#testing';
import type { KnownDevice } from '../index.ts';
import { OAuthError } from '../errors/oauth-error.ts';

const MDM = 'https://mdm.example';
const seconds = NOW / 1000;
const GOOD = { compliant: true, facts: { disk_encrypted: true, firewall: false } };
const ATTESTED = {
  compliant: true,
  facts: ['disk_encrypted'],
  learntAt: seconds - 60,
  attestedBy: MDM,
};

const REPORT = { compliant: null, facts: ['firewall'], learntAt: NOW - 90_000, learntFrom: 'somebody' };
const LAPTOP: KnownDevice = {
  id: 'laptop',
  enabled: true,
  owner: { issuer: PROVIDER, subject: 'ada' },
  platform: 'macos',
  posture: null,
};

interface Case {
  readonly claims?: Record<string, unknown>;
  /** Null: the DPoP proof has to do. */
  readonly proofKey?: 'device' | 'other' | null;
  readonly known?: KnownDevice;
  readonly takesPosture?: boolean;
  /** A transmitter has said that the laptop is not compliant. */
  readonly isFrozen?: boolean;
}

/** What the policies are told of the device, or the reason why they are not asked. */
async function seen({
  claims,
  proofKey = null,
  known,
  takesPosture = true,
  isFrozen = false,
}: Case): Promise<unknown> {
  const world = createWorld();
  const { keys, make } = world;
  const keyOf = { device: keys.device, other: fakeKey() };
  world.registrations.client.authentication = {
    method: 'attest_jwt_client_auth',
    issuer: MDM,
    postureIssuer: takesPosture ? MDM : null,
    keys: [keys.platform.publicKey],
    algorithms: ['ES256'],
    maxAssertionSeconds: 3600,
  };
  if (known !== undefined) world.devices.set(keys.device.publicKey.thumbprint, known);
  if (isFrozen) {
    const entry = { claims: [], describe: () => world.ledger.events[0]! };
    const cutOffs = [{ kind: 'device', id: 'laptop', change: { is: 'block' } }] as const;
    await world.ledger.revoke({ source: MDM, saidAt: null, event: null, cutOffs }, entry);
  }
  const attested = keyOf[proofKey ?? 'device'];
  const attestation = fakeJws(
    { alg: 'ES256', kid: 'platform-1', typ: 'oauth-client-attestation+jwt' },
    {
      iss: MDM,
      sub: 'desk',
      iat: seconds - 60,
      exp: seconds + 600,
      cnf: { jwk: attested.jwk },
      posture: GOOD,
      ...claims,
    },
    keys.platform,
  );
  const proof = fakeJws(
    { alg: 'ES256', typ: 'oauth-client-attestation-pop+jwt' },
    { aud: ISSUER, jti: 'one', iat: seconds },
    attested,
  );
  const credentials = credentialsOf(null, {
    attestation: { attestation, proof: proofKey === null ? null : proof },
  });
  try {
    await world.exchange(make.exchange({ credentials }));
  } catch (thrown) {
    return thrown instanceof OAuthError ? thrown.reason : thrown;
  }
  const { attested: said, registered } = world.policy.asked[0]?.context.device ?? {};
  return said ?? registered?.posture;
}

describe('the posture that an attester tells of', () => {
  it('is what the policies see, whether the device is registered or not', async () => {
    expect(await seen({})).toEqual(ATTESTED);
    expect(await seen({ known: LAPTOP })).toEqual(ATTESTED);
  });

  it.each<Case & { name: string; expected: unknown }>([
    {
      name: 'takes the place of an older report, all of it',
      known: { ...LAPTOP, posture: REPORT },
      expected: ATTESTED,
    },
    {
      name: 'gives way to a newer report, all of it',
      known: { ...LAPTOP, posture: { ...REPORT, learntAt: NOW - 59_000 } },
      expected: { compliant: null, facts: ['firewall'], learntAt: seconds - 59, attestedBy: 'somebody' },
    },
    {
      name: 'gives way to a report of the same time',
      known: { ...LAPTOP, posture: { ...REPORT, learntAt: NOW - 60_000 } },
      expected: { compliant: null, facts: ['firewall'], learntAt: seconds - 60, attestedBy: 'somebody' },
    },
    {
      name: 'is not of the future, however the clock of its attester goes',
      claims: { iat: seconds + 5 },
      expected: { ...ATTESTED, learntAt: seconds },
    },
    { name: 'is nothing where nothing is said', claims: { posture: undefined }, expected: undefined },
    {
      name: 'X-27 is not compliant where that is not said',
      claims: { posture: { facts: { disk_encrypted: true } } },
      expected: { ...ATTESTED, compliant: null },
    },
    {
      name: 'X-27 DP-27 has no fact that is false',
      claims: { posture: { compliant: false, facts: { hardware_key: false } } },
      expected: { ...ATTESTED, compliant: false, facts: [] },
    },
    { name: 'is nothing where the registration does not take it', takesPosture: false, expected: undefined },
    {
      name: 'is not even read where the registration does not take it',
      takesPosture: false,
      claims: { posture: 'good' },
      expected: undefined,
    },
    { name: 'DP-25 goes with the attested key, proved twice', proofKey: 'device', expected: ATTESTED },
    { name: 'DP-25 is nothing for another DPoP key', proofKey: 'other', expected: undefined },
    {
      name: 'DP-26 does not open what is disabled',
      known: { ...LAPTOP, enabled: false },
      expected: 'device.revoked',
    },
    {
      name: 'check 97 does not free what is frozen',
      known: LAPTOP,
      isFrozen: true,
      expected: 'device.revoked',
    },
  ])('$name', async ({ expected, ...test }) => {
    expect(await seen(test)).toEqual(expected);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a text', { posture: 'compliant' }],
    ['null', { posture: null }],
    ['a list', { posture: [] }],
    ['a member that there is not', { posture: { ...GOOD, complaint: true } }],
    ['X-27 a text for a truth', { posture: { compliant: 'true' } }],
    ['X-27 null for a truth', { posture: { compliant: null } }],
    ['facts in a list', { posture: { facts: ['disk_encrypted'] } }],
    ['X-27 a fact that is no truth', { posture: { facts: { disk_encrypted: 1 } } }],
    ['a fact in capitals', { posture: { facts: { Disk: true } } }],
    [
      '65 facts',
      { posture: { facts: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`f${n}`, true])) } },
    ],
    ['DP-26 an unknown age', { iat: undefined }],
  ])('refuses %s', async (_, claims) => {
    expect(await seen({ claims })).toBe('client.bad_attestation');
    expect(await seen({})).toEqual(ATTESTED);
  });
});
