import { createWorld, credentialsOf, ISSUER, NOW } from '#testing';
import { OAuthError, type CallerCredentials, type RefusalReason } from '../index.ts';

type World = ReturnType<typeof createWorld>;
const seconds = NOW / 1000;

async function outcome(world: World, credentials: CallerCredentials): Promise<RefusalReason | 'ok'> {
  return world.exchange(world.make.exchange({ credentials })).then(
    () => 'ok' as const,
    (thrown: unknown) => (thrown instanceof OAuthError ? thrown.reason : Promise.reject(thrown)),
  );
}

type Case = {
  name: string;
  credentials: (world: World) => CallerCredentials;
  expected: RefusalReason | 'ok';
};
const claims = (name: string, change: Record<string, unknown>, expected: Case['expected']): Case => ({
  name,
  credentials: ({ make }) => credentialsOf(make.assertion(change)),
  expected,
});
const header = (name: string, change: Record<string, unknown>, expected: Case['expected']): Case => ({
  name,
  credentials: ({ make }) => credentialsOf(make.assertion({}, change)),
  expected,
});

describe('authenticateClient', () => {
  it.each<Case>([
    {
      name: 'C-01 refuses a client_id alone',
      credentials: () => credentialsOf(null, { clientId: 'desk' }),
      expected: 'client.missing',
    },
    {
      name: 'C-02 refuses a secret',
      credentials: () => credentialsOf(null, { sentSecret: true }),
      expected: 'client.secret_refused',
    },
    {
      name: 'C-05 refuses another client_id parameter',
      credentials: ({ make }) => credentialsOf(make.assertion(), { clientId: 'other' }),
      expected: 'client.wrong_issuer',
    },
    {
      name: 'C-06 accepts an assertion without client_id parameter',
      credentials: ({ make }) => credentialsOf(make.assertion()),
      expected: 'ok',
    },
    {
      name: 'accepts a client_id parameter that agrees',
      credentials: ({ make }) => credentialsOf(make.assertion(), { clientId: 'desk' }),
      expected: 'ok',
    },
    {
      name: "C-27 refuses a stranger's signature",
      credentials: ({ make, keys }) => credentialsOf(make.assertion({}, {}, keys.stranger)),
      expected: 'client.bad_signature',
    },
    {
      name: 'J-17 refuses a DPoP proof',
      credentials: ({ make }) => credentialsOf(make.proof()),
      expected: 'client.wrong_kind',
    },
    {
      name: 'J-16 refuses an ID token',
      credentials: ({ make }) => credentialsOf(make.idToken()),
      expected: 'client.wrong_issuer',
    },
    {
      name: 'refuses what is not a JWT',
      credentials: () => credentialsOf('x.y'),
      expected: 'client.malformed_assertion',
    },
    {
      name: 'refuses a resource server at the token endpoint',
      credentials: ({ make, keys }) =>
        credentialsOf(make.assertion({ iss: 'orders', sub: 'orders' }, {}, keys.server)),
      expected: 'client.not_allowed',
    },
    claims('C-05 refuses iss that is not sub', { iss: 'other' }, 'client.wrong_issuer'),
    claims('C-27 refuses a client that does not exist', { iss: 'nobody', sub: 'nobody' }, 'client.unknown'),
    claims('C-08 accepts the issuer as a list of one', { aud: [ISSUER] }, 'ok'),
    claims(
      'C-08 refuses the token endpoint as audience',
      { aud: `${ISSUER}/token` },
      'client.wrong_audience',
    ),
    claims(
      'C-09 refuses an assertion made for another server',
      { aud: 'https://evil.test' },
      'client.wrong_audience',
    ),
    claims('J-59 refuses us and a stranger', { aud: [ISSUER, 'https://evil.test'] }, 'client.wrong_audience'),
    claims('J-40 refuses the issuer with a slash added', { aud: `${ISSUER}/` }, 'client.wrong_audience'),
    claims('C-12 refuses a life of 20 minutes', { exp: seconds + 1200 }, 'client.wrong_time'),
    claims('C-12 accepts a life of 10 minutes', { exp: seconds + 600 }, 'ok'),
    claims('J-50 refuses a missing exp', { exp: undefined }, 'client.wrong_time'),
    claims('J-53 accepts one that expired 4 s ago, for slow clocks', { exp: seconds - 4 }, 'ok'),
    claims('J-53 refuses one that expired 5 s ago', { exp: seconds - 5 }, 'client.wrong_time'),
    claims('check 25 accepts iat 8 s ahead', { iat: seconds + 8 }, 'ok'),
    claims('check 25 refuses iat 61 s ahead', { iat: seconds + 61 }, 'client.wrong_time'),
    claims('J-62 refuses a missing jti', { jti: undefined }, 'client.bad_jti'),
    claims('J-62 refuses a number as jti', { jti: 7 }, 'client.bad_jti'),
    claims('J-62 refuses a jti of 10 kB', { jti: 'x'.repeat(5000) }, 'client.bad_jti'),
    header('check 21 accepts typ JWT', { typ: 'JWT' }, 'ok'),
    header('check 21 accepts no typ', { typ: undefined }, 'ok'),
    header(
      'J-37 accepts a full media type in any case',
      { typ: 'application/Client-Authentication+JWT' },
      'ok',
    ),
    header('K-04 accepts the right kid', { kid: 'client-1' }, 'ok'),
    header('J-36 refuses a kid that the client does not have', { kid: 'server-1' }, 'client.bad_signature'),
    header('J-01 refuses alg none', { alg: 'none' }, 'client.bad_signature'),
    header('J-04 refuses an algorithm that is not pinned', { alg: 'RS256' }, 'client.bad_signature'),
  ])('$name', async ({ credentials, expected }) => {
    const world = createWorld();
    expect(await outcome(world, credentials(world))).toBe(expected);
    expect(await outcome(world, credentialsOf(world.make.assertion()))).toBe('ok');
  });

  it('C-08 accepts the token endpoint as audience of a client that is registered so, and never another endpoint', async () => {
    const world = createWorld();
    Object.assign(world.registrations.client.authentication, { legacyAudience: true });
    expect(await outcome(world, credentialsOf(world.make.assertion({ aud: `${ISSUER}/token` })))).toBe('ok');
    expect(await outcome(world, credentialsOf(world.make.assertion({ aud: `${ISSUER}/introspect` })))).toBe(
      'client.wrong_audience',
    );
  });

  it('C-10 lets exactly one of many uses of an assertion pass', async () => {
    const world = createWorld();
    const credentials = credentialsOf(world.make.assertion());
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(world, credentials)));
    expect(outcomes.filter((one) => one === 'ok')).toHaveLength(1);
    expect(outcomes.filter((one) => one === 'client.replayed')).toHaveLength(49);
  });

  it('C-10 takes an assertion as used after a refusal too', async () => {
    const world = createWorld();
    const credentials = credentialsOf(world.make.assertion());
    await expect(
      world.exchange(world.make.exchange({ credentials, subjectToken: 'x' })),
    ).rejects.toMatchObject({ reason: 'subject.malformed' });
    expect(await outcome(world, credentials)).toBe('client.replayed');
  });
});
