import { createWorld, credentialsOf, fakeJws, fakeKey, ISSUER, NOW, PLATFORM, type World } from '#testing';
import { OAuthError, type FederatedCaller, type RefusalReason, type SpiffeCaller } from '../index.ts';
import { readSpiffeIdRule } from '../registry/spiffe-id.ts';

const seconds = NOW / 1000;
const POD = 'spiffe://prod.example/ns/pay/sa/orders';
const WHOSE = { namespace: 'pay', sub: 'system:serviceaccount:pay:orders' };

type Registration = Omit<FederatedCaller, 'authentication'>;

function federate(world: World, registration: Registration, claims: Record<string, string> = WHOSE): void {
  const authentication: FederatedCaller['authentication'] = {
    method: 'federation',
    issuer: PLATFORM,
    audience: null,
    rules: Object.entries(claims).map(([name, value]) => ({ path: [name], values: [value] })),
    keys: { id: PLATFORM, issuer: PLATFORM },
    algorithms: ['ES256'],
    maxAssertionSeconds: 3600,
  };
  world.federated.push({ ...registration, authentication } as FederatedCaller);
}

function vouchBySpiffe(world: World, registration: Registration): void {
  const authentication: SpiffeCaller['authentication'] = {
    method: 'spiffe_jwt',
    id: readSpiffeIdRule(POD)!,
    keys: [world.keys.platform.publicKey],
    algorithms: ['ES256'],
    maxAssertionSeconds: 3600,
  };
  world.spiffe.push({ ...registration, authentication } as SpiffeCaller);
}

const jwtOf = (world: World, claims: object = {}, header: object = {}, key = world.keys.platform): string =>
  fakeJws(
    { alg: 'ES256', kid: 'platform-1', ...header },
    { iss: PLATFORM, aud: ISSUER, iat: seconds, exp: seconds + 600, ...WHOSE, ...claims },
    key,
  );

/** What becomes of a live token that is introspected with this bearer token. */
async function outcome(world: World, bearer: string, clientId: string | null = null): Promise<string> {
  const { accessToken } = await world.exchange(world.make.exchange());
  const credentials = credentialsOf(null, { bearer, clientId });
  return world.introspect(world.make.introspection(accessToken, {}, { credentials })).then(
    ({ active, callerId }) => `${active} ${callerId}`,
    (thrown: unknown) => (thrown instanceof OAuthError ? thrown.reason : Promise.reject(thrown)),
  );
}

function worldOf(): World {
  const world = createWorld();
  federate(world, { ...world.registrations.orders, clientId: 'orders-pod' });
  return world;
}

it('a resource server for which its platform vouches spends with the same JWT again and again, and is on record', async () => {
  const world = worldOf();
  const bearer = jwtOf(world);
  for (let time = 0; time < 2; time++) expect(await outcome(world, bearer)).toBe('true orders-pod');
  expect(world.ledger.events.at(-1)).toMatchObject({
    outcome: 'spent',
    callerMethod: 'federation',
    workload: { issuer: PLATFORM, subject: WHOSE.sub },
  });
  expect(await outcome(world, bearer, 'orders-pod')).toBe('true orders-pod');
});

it('so does one with a SPIFFE ID, without iss', async () => {
  const world = createWorld();
  vouchBySpiffe(world, { ...world.registrations.orders, clientId: 'orders-svid' });
  const bearer = jwtOf(world, { iss: undefined, sub: POD }, { typ: 'JOSE' });
  expect(await outcome(world, bearer)).toBe('true orders-svid');
  expect(world.ledger.events.at(-1)).toMatchObject({
    callerMethod: 'spiffe_jwt',
    workload: { issuer: 'spiffe://prod.example', subject: POD },
  });
});

interface Bad {
  readonly name: string;
  readonly claims?: object;
  readonly header?: object;
  readonly expected: RefusalReason;
}

it.each<Bad>([
  { name: 'C-19: another namespace', claims: { namespace: 'test' }, expected: 'bearer.unmatched' },
  { name: 'another platform', claims: { iss: 'https://evil.example' }, expected: 'bearer.unmatched' },
  { name: 'no issuer', claims: { iss: undefined }, expected: 'bearer.unmatched' },
  { name: 'another audience', claims: { aud: 'https://other.example' }, expected: 'bearer.wrong_audience' },
  { name: 'us and another', claims: { aud: [ISSUER, 'x'] }, expected: 'bearer.wrong_audience' },
  { name: 'no audience', claims: { aud: undefined }, expected: 'bearer.wrong_audience' },
  { name: 'an expired JWT', claims: { exp: seconds - 30 }, expected: 'bearer.wrong_time' },
  { name: 'no exp', claims: { exp: undefined }, expected: 'bearer.wrong_time' },
  { name: 'a year', claims: { exp: seconds + 31_536_000 }, expected: 'bearer.wrong_time' },
  { name: 'a logout token', header: { typ: 'logout+jwt' }, expected: 'bearer.wrong_kind' },
  { name: 'a security event', claims: { events: {} }, expected: 'bearer.wrong_kind' },
  { name: 'a client assertion', header: { typ: 'client-authentication+jwt' }, expected: 'bearer.wrong_kind' },
  { name: 'a transaction token', header: { typ: 'txntoken+jwt' }, expected: 'bearer.wrong_kind' },
])('refuses $name', async ({ claims, header, expected }) => {
  const world = worldOf();
  expect(await outcome(world, jwtOf(world, claims, header))).toBe(expected);
  expect(await outcome(world, jwtOf(world))).toBe('true orders-pod');
});

it.each<[string, (world: World) => string, RefusalReason]>([
  ['another key', (world) => jwtOf(world, {}, {}, fakeKey('platform-1')), 'bearer.bad_signature'],
  ['what is no JWT', () => 'a.b', 'bearer.malformed'],
  [
    'an assertion of a key of its own',
    (world) => world.make.assertion({ iss: 'orders', sub: 'orders' }, { typ: 'JWT' }, world.keys.server),
    'bearer.unmatched',
  ],
])('refuses %s', async (_, bearerOf, expected) => {
  const world = worldOf();
  expect(await outcome(world, bearerOf(world))).toBe(expected);
  expect(await outcome(world, jwtOf(world))).toBe('true orders-pod');
});

it('a client is no resource server, whoever vouches for it; one workload may be registered as both', async () => {
  const world = createWorld();
  federate(world, { ...world.registrations.client, clientId: 'builder' });
  const bearer = jwtOf(world);
  expect(await outcome(world, bearer)).toBe('bearer.unmatched');
  expect(await outcome(world, bearer, 'builder')).toBe('bearer.unmatched');
  federate(world, { ...world.registrations.orders, clientId: 'orders-pod' });
  expect(await outcome(world, bearer)).toBe('true orders-pod');
  const credentials = credentialsOf(bearer);
  const dpopProofs = [world.make.proof({ nonce: 'nonce-of-builder' })];
  await world.exchange(world.make.exchange({ credentials, dpopProofs }));
  expect(world.ledger.events.at(-1)).toMatchObject({ outcome: 'permitted', callerId: 'builder' });
});

it('nobody is chosen among several, and client_id tells which one it is', async () => {
  const world = worldOf();
  federate(world, { ...world.registrations.orders, clientId: 'twin' }, { namespace: 'pay' });
  expect(await outcome(world, jwtOf(world))).toBe('bearer.ambiguous');
  expect(await outcome(world, jwtOf(world), 'twin')).toBe('true twin');
  expect(await outcome(world, jwtOf(world), 'desk')).toBe('bearer.unmatched');
});

it('nor among several who vouch', async () => {
  const world = createWorld();
  federate(world, { ...world.registrations.orders, clientId: 'orders-pod' }, { namespace: 'pay' });
  vouchBySpiffe(world, { ...world.registrations.orders, clientId: 'orders-svid' });
  const bearer = jwtOf(world, { sub: POD });
  expect(await outcome(world, bearer)).toBe('bearer.ambiguous');
  expect(await outcome(world, bearer, 'orders-svid')).toBe('true orders-svid');
  expect(await outcome(world, bearer, 'orders-pod')).toBe('true orders-pod');
});

it('D6: at the token endpoint a JWT that can be copied earns nothing', async () => {
  const world = createWorld();
  federate(world, {
    ...world.registrations.orders,
    clientId: 'orders-pod',
    callerTokens: true,
  } as Registration);
  const asked = world.issueCallerToken({ credentials: credentialsOf(jwtOf(world)), resources: [] });
  await expect(asked).rejects.toMatchObject({ reason: 'client.key_needed' });
  expect(await outcome(world, jwtOf(world))).toBe('true orders-pod');
});

it('a caller token that names one resource server is not one of another', async () => {
  const world = createWorld();
  world.registrations.orders.callerTokens = true;
  const credentials = credentialsOf(
    world.make.assertion({ iss: 'orders', sub: 'orders' }, {}, world.keys.server),
  );
  const { callerToken } = await world.issueCallerToken({ credentials, resources: [] });
  expect(await outcome(world, callerToken, 'elsewhere')).toBe('bearer.unmatched');
  expect(await outcome(world, callerToken, 'orders')).toBe('true orders');
});
