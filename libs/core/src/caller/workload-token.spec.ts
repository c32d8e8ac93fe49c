import { createWorld, credentialsOf, fakeJws, fakeKey, ISSUER, NOW, PLATFORM, type World } from '#testing';
import { OAuthError, type FederatedCaller, type RefusalReason } from '../index.ts';

const seconds = NOW / 1000;
const BRANCH = { repository_id: '77', ref: 'refs/heads/main', sub: 'repo:acme/shop:ref:refs/heads/main' };

function register(
  world: World,
  clientId: string,
  authentication: Partial<FederatedCaller['authentication']> = {},
): void {
  world.federated.push({
    ...world.registrations.client,
    clientId,
    authentication: {
      method: 'federation',
      issuer: PLATFORM,
      audience: null,
      rules: [
        { path: ['repository_id'], values: ['77'] },
        { path: ['ref'], values: ['refs/heads/main', 'refs/heads/next'] },
      ],
      keys: { id: PLATFORM, issuer: PLATFORM },
      algorithms: ['ES256'],
      maxAssertionSeconds: 3600,
      ...authentication,
    },
  });
}

function tokenOf(world: World, claims: object = {}, header: object = {}, key = world.keys.platform): string {
  return fakeJws(
    { alg: 'ES256', kid: 'platform-1', ...header },
    { iss: PLATFORM, aud: ISSUER, iat: seconds, exp: seconds + 600, ...BRANCH, ...claims },
    key,
  );
}

interface Presented {
  readonly assertion: string;
  readonly clientId?: string;
  /** As whom the nonce was asked for; null sends no proof. */
  readonly proofAs?: string | null;
}

async function outcome(
  world: World,
  { assertion, clientId, proofAs = 'builder' }: Presented,
): Promise<RefusalReason | 'ok'> {
  const request = world.make.exchange({
    credentials: credentialsOf(assertion, { clientId: clientId ?? null }),
    dpopProofs: proofAs === null ? [] : [world.make.proof({ nonce: `nonce-of-${proofAs}` })],
  });
  return world.exchange(request).then(
    () => 'ok' as const,
    (thrown: unknown) => (thrown instanceof OAuthError ? thrown.reason : Promise.reject(thrown)),
  );
}

type Case = { name: string; claims?: object; header?: object; expected: RefusalReason | 'ok' };

describe('verifyWorkloadToken', () => {
  it.each<Case>([
    { name: 'accepts what its rules say', expected: 'ok' },
    { name: 'accepts the other value of a rule', claims: { ref: 'refs/heads/next' }, expected: 'ok' },
    { name: 'C-08 accepts one audience in a list', claims: { aud: [ISSUER] }, expected: 'ok' },
    { name: 'accepts no jti', claims: { jti: undefined }, expected: 'ok' },
    {
      name: 'C-20 refuses another repository',
      claims: { repository_id: '78' },
      expected: 'client.unmatched',
    },
    {
      name: 'C-20 refuses a number in place of its text',
      claims: { repository_id: 77 },
      expected: 'client.unmatched',
    },
    {
      name: 'C-20 refuses a tag of the same name',
      claims: { ref: 'refs/tags/main' },
      expected: 'client.unmatched',
    },
    {
      name: 'C-20 refuses a claim that is missing',
      claims: { ref: undefined },
      expected: 'client.unmatched',
    },
    {
      name: 'refuses a list in place of a text',
      claims: { ref: ['refs/heads/main'] },
      expected: 'client.unmatched',
    },
    { name: 'refuses a longer value', claims: { ref: 'refs/heads/main2' }, expected: 'client.unmatched' },
    { name: 'refuses no sub', claims: { sub: undefined }, expected: 'client.unmatched' },
    { name: 'C-19 refuses no exp', claims: { exp: undefined }, expected: 'client.wrong_time' },
    { name: 'C-19 refuses no aud', claims: { aud: undefined }, expected: 'client.wrong_audience' },
    {
      name: 'refuses us and a stranger',
      claims: { aud: [ISSUER, 'sts'] },
      expected: 'client.wrong_audience',
    },
    { name: 'refuses another audience', claims: { aud: 'sts.example' }, expected: 'client.wrong_audience' },
    { name: 'refuses one that has expired', claims: { exp: seconds - 5 }, expected: 'client.wrong_time' },
    { name: 'refuses one for a day', claims: { exp: seconds + 86_400 }, expected: 'client.wrong_time' },
    { name: 'refuses iat a minute ahead', claims: { iat: seconds + 61 }, expected: 'client.wrong_time' },
    { name: 'refuses an unknown issuer', claims: { iss: `${PLATFORM}/` }, expected: 'client.wrong_issuer' },
    { name: 'refuses a security event', claims: { events: {} }, expected: 'client.wrong_kind' },
    { name: 'J-17 refuses another typ', header: { typ: 'at+jwt' }, expected: 'client.wrong_kind' },
    {
      name: 'J-04 refuses an algorithm that is not pinned',
      header: { alg: 'RS256' },
      expected: 'client.bad_signature',
    },
    { name: 'J-36 refuses an unknown kid', header: { kid: 'x' }, expected: 'client.bad_signature' },
  ])('$name', async ({ claims, header, expected }) => {
    const world = createWorld();
    register(world, 'builder');
    expect(await outcome(world, { assertion: tokenOf(world, claims, header) })).toBe(expected);
    expect(await outcome(world, { assertion: tokenOf(world) })).toBe('ok');
  });

  it('refuses a signature of anybody else', async () => {
    const world = createWorld();
    register(world, 'builder');
    const assertion = tokenOf(world, {}, {}, world.keys.stranger);
    expect(await outcome(world, { assertion })).toBe('client.bad_signature');
  });

  it('D6 takes the same token again, each time with a new proof, and never without one', async () => {
    const world = createWorld();
    register(world, 'builder');
    const assertion = tokenOf(world, { jti: 'the-same' });
    expect(await outcome(world, { assertion })).toBe('ok');
    expect(await outcome(world, { assertion })).toBe('ok');
    expect(await outcome(world, { assertion, proofAs: null })).toBe('device.proof_missing');
  });

  it('D6 demands the proof for an API that takes tokens without one, too', async () => {
    const world = createWorld();
    register(world, 'builder');
    world.registrations.orders.proof = 'none';
    expect(await outcome(world, { assertion: tokenOf(world), proofAs: null })).toBe('device.proof_missing');
  });

  it.each<{ name: string; clientId?: string; proofAs?: string; expected: RefusalReason | 'ok' }>([
    { name: 'refuses when two clients fit and none is named', expected: 'client.ambiguous' },
    { name: 'takes the client that is named', clientId: 'twin', proofAs: 'twin', expected: 'ok' },
    { name: 'refuses a named client that does not fit', clientId: 'elsewhere', expected: 'client.unmatched' },
    { name: 'refuses a named client with keys of its own', clientId: 'desk', expected: 'client.unmatched' },
  ])('$name', async ({ clientId, proofAs, expected }) => {
    const world = createWorld();
    register(world, 'builder');
    register(world, 'twin');
    register(world, 'elsewhere', { rules: [{ path: ['repository_id'], values: ['99'] }] });
    const presented = {
      assertion: tokenOf(world),
      ...(clientId === undefined ? {} : { clientId }),
      ...(proofAs === undefined ? {} : { proofAs }),
    };
    expect(await outcome(world, presented)).toBe(expected);
  });

  it('believes pinned keys and no others, and the audience that is registered', async () => {
    const world = createWorld();
    const pinned = fakeKey('cluster-1');
    register(world, 'builder', { keys: [pinned.publicKey], audience: 'oncekey' });
    const good = tokenOf(world, { aud: 'oncekey' }, { kid: 'cluster-1' }, pinned);
    expect(await outcome(world, { assertion: good })).toBe('ok');
    expect(await outcome(world, { assertion: tokenOf(world, { aud: 'oncekey' }) })).toBe(
      'client.bad_signature',
    );
    const forUs = tokenOf(world, {}, { kid: 'cluster-1' }, pinned);
    expect(await outcome(world, { assertion: forUs })).toBe('client.wrong_audience');
  });

  it('a client that is vouched for cannot sign for itself', async () => {
    const world = createWorld();
    register(world, 'builder');
    const own = world.make.assertion({ iss: 'builder', sub: 'builder' }, {}, world.keys.platform);
    expect(await outcome(world, { assertion: own })).toBe('client.wrong_method');
  });
});

it('a copy of its token uses up nothing of its quota: the key has to be proved first', async () => {
  const world = createWorld();
  const assertion = tokenOf(world);
  register(world, 'builder');
  const [builder] = world.federated.splice(0);
  if (builder === undefined) throw new Error('it was registered');
  world.federated.push({ ...builder, quota: { requestsPerSecond: 1, burst: 1 } });
  for (let copies = 0; copies < 5; copies++) {
    expect(await outcome(world, { assertion, proofAs: null })).toBe('device.proof_missing');
  }
  expect(await outcome(world, { assertion })).toBe('ok');
  expect(await outcome(world, { assertion })).toBe('quota.exceeded');
});
