import { createWorld, credentialsOf, fakeJws, ISSUER, NOW, type World } from '#testing';
import { JWT_SPIFFE_ASSERTION, OAuthError, type RefusalReason, type SpiffeCaller } from '../index.ts';
import { readSpiffeIdRule } from '../registry/spiffe-id.ts';

const seconds = NOW / 1000;
const REFUNDER = 'spiffe://prod.example/ns/a/sa/refunder';

function register(world: World, clientId: string, spiffeId: string, key = world.keys.platform): void {
  const id = readSpiffeIdRule(spiffeId);
  if (id === null) throw new Error('that is no SPIFFE ID');
  const authentication: SpiffeCaller['authentication'] = {
    method: 'spiffe_jwt',
    id,
    keys: [key.publicKey],
    algorithms: ['ES256'],
    maxAssertionSeconds: 3600,
  };
  world.spiffe.push({ ...world.registrations.client, clientId, authentication });
}

function svid(world: World, claims: object = {}, header: object = {}, key = world.keys.platform): string {
  return fakeJws(
    { alg: 'ES256', kid: 'platform-1', ...header },
    { sub: REFUNDER, aud: [ISSUER], exp: seconds + 300, ...claims },
    key,
  );
}

async function outcome(
  world: World,
  assertion: string,
  clientId: string | null = null,
  proofAs = 'refunder',
) {
  const request = world.make.exchange({
    credentials: credentialsOf(assertion, { clientId, assertionType: JWT_SPIFFE_ASSERTION }),
    dpopProofs: proofAs === '' ? [] : [world.make.proof({ nonce: `nonce-of-${proofAs}` })],
  });
  return world.exchange(request).then(
    (): RefusalReason | 'ok' => 'ok',
    (thrown: unknown) => (thrown instanceof OAuthError ? thrown.reason : Promise.reject(thrown)),
  );
}

type Case = { name: string; claims?: object; header?: object; expected: RefusalReason | 'ok' };

describe('verifyJwtSvid', () => {
  it.each<Case>([
    { name: 'C-18 accepts one without iss', expected: 'ok' },
    { name: 'C-18 accepts one with iss', claims: { iss: 'https://oidc.prod.example' }, expected: 'ok' },
    { name: 'accepts typ JWT', header: { typ: 'JWT' }, expected: 'ok' },
    { name: 'accepts typ JOSE', header: { typ: 'JOSE' }, expected: 'ok' },
    { name: 'refuses another typ', header: { typ: 'wit+jwt' }, expected: 'client.wrong_kind' },
    {
      name: 'C-18 refuses another trust domain',
      claims: { sub: 'spiffe://test.example/ns/a/sa/refunder' },
      expected: 'client.unmatched',
    },
    {
      name: 'C-18 refuses a trust domain in upper case',
      claims: { sub: 'spiffe://PROD.example/ns/a/sa/refunder' },
      expected: 'client.unmatched',
    },
    {
      name: 'C-18 refuses a path that only begins so',
      claims: { sub: `${REFUNDER}2` },
      expected: 'client.unmatched',
    },
    { name: 'C-18 refuses a path below', claims: { sub: `${REFUNDER}/x` }, expected: 'client.unmatched' },
    {
      name: 'refuses a trust domain alone',
      claims: { sub: 'spiffe://prod.example' },
      expected: 'client.unmatched',
    },
    {
      name: 'refuses dots',
      claims: { sub: 'spiffe://prod.example/ns/b/../a/sa/refunder' },
      expected: 'client.unmatched',
    },
    {
      name: 'refuses an escape',
      claims: { sub: 'spiffe://prod.example/ns/%61/sa/refunder' },
      expected: 'client.unmatched',
    },
    {
      name: 'refuses a port',
      claims: { sub: 'spiffe://prod.example:1/ns/a/sa/refunder' },
      expected: 'client.unmatched',
    },
    { name: 'refuses a slash at its end', claims: { sub: `${REFUNDER}/` }, expected: 'client.unmatched' },
    { name: 'refuses no sub', claims: { sub: undefined }, expected: 'client.unmatched' },
    { name: 'refuses a list as sub', claims: { sub: [REFUNDER] }, expected: 'client.unmatched' },
    { name: 'refuses no exp', claims: { exp: undefined }, expected: 'client.wrong_time' },
    { name: 'refuses one that has expired', claims: { exp: seconds - 5 }, expected: 'client.wrong_time' },
    { name: 'refuses another audience', claims: { aud: ['other'] }, expected: 'client.wrong_audience' },
    {
      name: 'refuses an audience besides',
      claims: { aud: [ISSUER, 'other'] },
      expected: 'client.wrong_audience',
    },
    { name: 'refuses an unknown kid', header: { kid: 'x' }, expected: 'client.bad_signature' },
  ])('$name', async ({ claims, header, expected }) => {
    const world = createWorld();
    register(world, 'refunder', REFUNDER);
    expect(await outcome(world, svid(world, claims, header))).toBe(expected);
    expect(await outcome(world, svid(world))).toBe('ok');
  });

  it('check 27: refuses an SVID of one trust domain that is signed with a key of another', async () => {
    const world = createWorld();
    register(world, 'refunder', REFUNDER);
    register(world, 'elsewhere', 'spiffe://test.example/ns/a/sa/refunder', world.keys.stranger);
    const kid = 'stranger-1';
    const forged = svid(world, {}, { kid }, world.keys.stranger);
    expect(await outcome(world, forged)).toBe('client.bad_signature');
    const sub = 'spiffe://test.example/ns/a/sa/refunder';
    expect(await outcome(world, svid(world, { sub }, { kid }, world.keys.stranger), null, 'elsewhere')).toBe(
      'ok',
    );
  });

  it.each<[string, string, RefusalReason | 'ok']>([
    ['one segment below', 'spiffe://prod.example/ns/a/x', 'ok'],
    ['several segments below', 'spiffe://prod.example/ns/a/sa/refunder', 'ok'],
    ['C-18 a longer segment', 'spiffe://prod.example/ns/ab', 'client.unmatched'],
    ['C-18 a longer segment with more below', 'spiffe://prod.example/ns/ab/x', 'client.unmatched'],
    ['the path itself', 'spiffe://prod.example/ns/a', 'client.unmatched'],
    ['a star', 'spiffe://prod.example/ns/a/*', 'client.unmatched'],
  ])('compares a path by whole segments: %s', async (_, sub, expected) => {
    const world = createWorld();
    register(world, 'refunder', 'spiffe://prod.example/ns/a/*');
    expect(await outcome(world, svid(world, { sub }))).toBe(expected);
  });

  it('D6 takes the same SVID again with a new proof, and never without one', async () => {
    const world = createWorld();
    register(world, 'refunder', REFUNDER);
    const assertion = svid(world, { jti: 'one' });
    expect(await outcome(world, assertion)).toBe('ok');
    expect(await outcome(world, assertion)).toBe('ok');
    expect(await outcome(world, assertion, null, '')).toBe('device.proof_missing');
  });

  it('where an exact client and one of the path fit, one has to be named', async () => {
    const world = createWorld();
    register(world, 'refunder', REFUNDER);
    register(world, 'anything', 'spiffe://prod.example/ns/a/*');
    expect(await outcome(world, svid(world))).toBe('client.ambiguous');
    expect(await outcome(world, svid(world), 'refunder')).toBe('ok');
    expect(await outcome(world, svid(world), 'desk')).toBe('client.unmatched');
  });
});
