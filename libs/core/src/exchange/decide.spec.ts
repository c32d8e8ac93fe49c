import { API, createWorld, DIGEST, NOW } from '#testing';
import {
  OAuthError,
  type ExchangeRequest,
  type Obligations,
  type PolicyVerdict,
  type RefusalReason,
} from '../index.ts';

type World = ReturnType<typeof createWorld>;
const seconds = NOW / 1000;

async function outcome(world: World, changes: Partial<ExchangeRequest> = {}): Promise<RefusalReason | 'ok'> {
  return world.exchange(world.make.exchange(changes)).then(
    () => 'ok' as const,
    (thrown: unknown) => (thrown instanceof OAuthError ? thrown.reason : Promise.reject(thrown)),
  );
}

const operation = (
  changes: Partial<NonNullable<ExchangeRequest['operation']>> = {},
): NonNullable<ExchangeRequest['operation']> => ({
  location: API,
  method: 'POST',
  targetUri: `${API}/orders/42/refund`,
  contentDigest: { 'sha-256': DIGEST },
  contentType: null,
  ...changes,
});

describe('resolveOperation', () => {
  it.each<{ name: string; changes: Partial<ExchangeRequest>; expected: RefusalReason | 'ok' }>([
    { name: 'check 41 refuses no resource', changes: { resources: [] }, expected: 'resource.missing' },
    {
      name: 'check 44 refuses two resources',
      changes: { resources: [API, API] },
      expected: 'resource.several',
    },
    {
      name: 'check 42 refuses a resource with a fragment',
      changes: { resources: [`${API}#x`] },
      expected: 'resource.malformed',
    },
    {
      name: 'check 42 refuses a relative resource',
      changes: { resources: ['/v1'] },
      expected: 'resource.malformed',
    },
    {
      name: 'X-07 refuses userinfo',
      changes: { resources: ['https://u@api.example/v1'] },
      expected: 'resource.malformed',
    },
    {
      name: 'check 43 refuses an unknown resource',
      changes: { resources: ['https://api.example/v2'] },
      expected: 'resource.unknown',
    },
    {
      name: 'accepts another spelling of the resource',
      changes: { resources: ['https://API.example:443/v1'] },
      expected: 'ok',
    },
    { name: 'refuses no operation', changes: { operation: null }, expected: 'operation.missing' },
    {
      name: 'refuses locations that are not the resource',
      changes: { operation: operation({ location: 'https://elsewhere.example/' }) },
      expected: 'operation.malformed',
    },
    {
      name: 'X-23 refuses another host',
      changes: { operation: operation({ targetUri: 'https://evil.test/v1/orders/42/refund' }) },
      expected: 'resource.foreign_target',
    },
    {
      name: 'check 54 refuses a path beside the resource',
      changes: { operation: operation({ targetUri: 'https://api.example/v10/orders/42/refund' }) },
      expected: 'operation.outside_resource',
    },
    {
      name: 'check 54 refuses climbing out of the resource',
      changes: { operation: operation({ targetUri: `${API}/../orders/42/refund` }) },
      expected: 'operation.outside_resource',
    },
    {
      name: 'check 54 refuses plain http',
      changes: { operation: operation({ targetUri: 'http://api.example/v1/orders/42/refund' }) },
      expected: 'operation.bad_uri',
    },
    {
      name: 'check 54 refuses a fragment',
      changes: { operation: operation({ targetUri: `${API}/orders/42/refund#x` }) },
      expected: 'operation.bad_uri',
    },
    {
      name: 'X-22 refuses a wildcard',
      changes: { operation: operation({ targetUri: `${API}/orders/*` }) },
      expected: 'operation.not_in_catalog',
    },
    {
      name: 'refuses another method of the same path',
      changes: { operation: operation({ method: 'DELETE' }) },
      expected: 'operation.not_in_catalog',
    },
    {
      name: 'accepts a query',
      changes: { operation: operation({ targetUri: `${API}/orders/42/refund?dry_run=1` }) },
      expected: 'ok',
    },
  ])('$name', async ({ changes, expected }) => {
    const world = createWorld();
    expect(await outcome(world, changes)).toBe(expected);
    expect(await outcome(world)).toBe('ok');
  });

  it('refuses a resource server that the client may not ask for, as if it did not exist', async () => {
    const world = createWorld();
    world.registrations.client.resourceServers.delete('orders');
    expect(await outcome(world)).toBe('resource.unknown');
  });

  it('check 55 gives the operation one spelling', async () => {
    const world = createWorld();
    const { operation: granted } = await world.exchange(
      world.make.exchange({
        operation: operation({ targetUri: 'HTTPS://API.example:443/v1/a/../orders/%34%32/refund?x=%7e' }),
      }),
    );
    expect(granted.target_uri).toBe(`${API}/orders/42/refund?x=~`);
  });
});

describe('collectContext', () => {
  it.each<{ name: string; claimed: Record<string, unknown>; expected: RefusalReason | 'ok'; seen?: object }>([
    {
      name: 'passes on what the release knows',
      claimed: { reason: 'broken', amount: 5, urgent: true },
      expected: 'ok',
      seen: { reason: 'broken', amount: 5, urgent: true },
    },
    {
      name: 'X-28 leaves behind what the release does not know',
      claimed: { ip: '127.0.0.1', constructor: 'x' },
      expected: 'ok',
      seen: {},
    },
    { name: 'refuses a number where text belongs', claimed: { reason: 5 }, expected: 'context.malformed' },
    { name: 'refuses a fraction', claimed: { amount: 5.5 }, expected: 'context.malformed' },
    {
      name: 'P-06 refuses a number that is not exact',
      claimed: { amount: 2 ** 53 },
      expected: 'context.malformed',
    },
    { name: 'X-27 refuses true as text', claimed: { urgent: 'true' }, expected: 'context.malformed' },
    { name: 'refuses a very long text', claimed: { reason: 'x'.repeat(257) }, expected: 'context.malformed' },
  ])('$name', async ({ claimed, expected, seen }) => {
    const world = createWorld();
    expect(await outcome(world, { claimed })).toBe(expected);
    if (seen !== undefined) expect(world.policy.asked[0]?.context.claimed).toEqual(seen);
  });
});

describe('decide', () => {
  it.each<{ name: string; verdict: PolicyVerdict; expected: RefusalReason }>([
    {
      name: 'denies what nothing permits',
      verdict: { effect: 'deny', determining: [], failed: false },
      expected: 'policy.denied',
    },
    {
      name: 'denies what is forbidden',
      verdict: { effect: 'deny', determining: ['no-nights'], failed: false },
      expected: 'policy.forbidden',
    },
    {
      name: 'denies when a policy fails, whatever else is said',
      verdict: { effect: 'permit', determining: ['a'], failed: true },
      expected: 'policy.failed',
    },
  ])('$name', async ({ verdict, expected }) => {
    const world = createWorld();
    world.policy.verdict = verdict;
    expect(await outcome(world)).toBe(expected);
    expect(world.ledger.events.at(-1)).toMatchObject({
      outcome: 'refused',
      reason: expected,
      policies: verdict.determining,
      release: 7,
    });
  });

  it.each<{
    name: string;
    obligations: Obligations;
    claims: Record<string, unknown>;
    expected: RefusalReason | 'ok';
  }>([
    {
      name: 'accepts an acr of the list',
      obligations: { acrValues: ['phr', 'phrh'] },
      claims: { acr: 'phrh' },
      expected: 'ok',
    },
    {
      name: 'X-29 wants a listed acr',
      obligations: { acrValues: ['phr'] },
      claims: { acr: 'pwd' },
      expected: 'policy.step_up_acr',
    },
    {
      name: 'X-29 takes no acr for none',
      obligations: { acrValues: ['phr'] },
      claims: {},
      expected: 'policy.step_up_acr',
    },
    {
      name: 'accepts a sign-in exactly at the limit',
      obligations: { maxAuthAgeSeconds: 300 },
      claims: { auth_time: seconds - 300 },
      expected: 'ok',
    },
    {
      name: 'X-29 refuses an old sign-in',
      obligations: { maxAuthAgeSeconds: 300 },
      claims: { auth_time: seconds - 301 },
      expected: 'policy.step_up_age',
    },
    {
      name: 'X-29 takes a sign-in of unknown age for too old',
      obligations: { maxAuthAgeSeconds: 300 },
      claims: { auth_time: undefined },
      expected: 'policy.step_up_age',
    },
    {
      name: 'denies obligations that nobody can meet',
      obligations: { acrValues: [] },
      claims: { acr: 'phr' },
      expected: 'policy.unsatisfiable',
    },
  ])('$name', async ({ obligations, claims, expected }) => {
    const world = createWorld();
    world.policy.obligations = obligations;
    expect(await outcome(world, { subjectToken: world.make.idToken(claims) })).toBe(expected);
  });

  it('check 56 demands a digest where a policy does', async () => {
    const world = createWorld();
    world.policy.obligations = { digestRequired: true };
    expect(await outcome(world, { operation: operation({ contentDigest: null }) })).toBe(
      'operation.digest_required',
    );
    expect(await outcome(world)).toBe('ok');
  });

  it('names all that is wanting in one challenge', async () => {
    const world = createWorld();
    world.policy.obligations = { acrValues: ['phr'], maxAuthAgeSeconds: 60 };
    await expect(world.exchange(world.make.exchange())).rejects.toMatchObject({
      extras: { stepUp: { acrValues: ['phr'], maxAgeSeconds: 60 } },
    });
  });

  it.each([
    { name: 'lives for 15 s unless a policy says otherwise', obligations: {}, exp: 300, lives: 15 },
    { name: 'lives as long as the policy says', obligations: { ttlSeconds: 2 }, exp: 300, lives: 2 },
    { name: 'check 47 never outlives the subject token', obligations: { ttlSeconds: 30 }, exp: 5, lives: 5 },
  ])('a token $name', async ({ obligations, exp, lives }) => {
    const world = createWorld();
    world.policy.obligations = obligations;
    const issued = await world.exchange(
      world.make.exchange({ subjectToken: world.make.idToken({ exp: seconds + exp }) }),
    );
    expect(issued.expiresInSeconds).toBe(lives);
  });

  it('puts on record what was asked, and gives nothing out when that fails', async () => {
    const world = createWorld();
    await world.exchange(world.make.exchange());
    expect(world.ledger.events.at(-1)).toMatchObject({
      outcome: 'permitted',
      callerId: 'desk',
      operationId: 'orders.refund',
      policies: ['support-refunds'],
      release: 7,
    });
    world.ledger.permit = () => Promise.reject(new Error('disk full'));
    const before = world.sealed.size;
    await expect(world.exchange(world.make.exchange())).rejects.toThrow();
    expect(world.sealed.size).toBe(before);
  });
});
