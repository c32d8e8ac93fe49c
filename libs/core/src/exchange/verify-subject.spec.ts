import { createWorld, PROVIDER, NOW } from '#testing';
import { fakeKey } from '#testing';
import { OAuthError, type RefusalReason } from '../index.ts';

type World = ReturnType<typeof createWorld>;
const seconds = NOW / 1000;

async function outcome(world: World, subjectToken: string): Promise<RefusalReason | 'ok'> {
  return world.exchange(world.make.exchange({ subjectToken })).then(
    () => 'ok' as const,
    (thrown: unknown) => (thrown instanceof OAuthError ? thrown.reason : Promise.reject(thrown)),
  );
}

type Case = { name: string; token: (world: World) => string; expected: RefusalReason | 'ok' };
const claims = (name: string, change: Record<string, unknown>, expected: Case['expected']): Case => ({
  name,
  token: ({ make }) => make.idToken(change),
  expected,
});
const header = (name: string, change: Record<string, unknown>, expected: Case['expected']): Case => ({
  name,
  token: ({ make }) => make.idToken({}, change),
  expected,
});

describe('verifySubject', () => {
  it.each<Case>([
    header('accepts an ID token without typ', {}, 'ok'),
    header('accepts typ JWT in any case', { typ: 'jwt' }, 'ok'),
    header(
      'J-04 refuses an algorithm that is not pinned for the provider',
      { alg: 'PS256' },
      'subject.bad_signature',
    ),
    header('J-01 refuses alg none', { alg: 'none' }, 'subject.bad_signature'),
    header('J-14 refuses crit', { crit: ['exp'] }, 'subject.malformed'),
    header('J-15 refuses b64', { b64: false }, 'subject.malformed'),
    header('J-18 refuses an access token', { typ: 'at+jwt' }, 'subject.wrong_kind'),
    header('J-19 refuses a security event token', { typ: 'secevent+jwt' }, 'subject.wrong_kind'),
    header(
      'J-19 refuses an introspection response',
      { typ: 'token-introspection+jwt' },
      'subject.wrong_kind',
    ),
    header('J-17 refuses a DPoP proof', { typ: 'dpop+jwt' }, 'subject.wrong_kind'),
    header('J-36 refuses a kid that no key has', { kid: '../../etc/passwd' }, 'subject.bad_signature'),
    header('J-12 pays no heed to jku', { jku: 'https://evil.test/jwks' }, 'ok'),
    claims('J-19 refuses a logout token, which has no typ either', { events: {} }, 'subject.wrong_kind'),
    claims('J-40 refuses the issuer with a slash added', { iss: `${PROVIDER}/` }, 'subject.unknown_issuer'),
    claims(
      'J-41 refuses the issuer in another case',
      { iss: 'https://IDP.example' },
      'subject.unknown_issuer',
    ),
    claims(
      'J-43 refuses an issuer that only begins like ours',
      { iss: `${PROVIDER}.evil.test` },
      'subject.unknown_issuer',
    ),
    claims('J-43 refuses userinfo tricks', { iss: `${PROVIDER}@evil.test` }, 'subject.unknown_issuer'),
    claims('J-44 refuses a list of issuers', { iss: [PROVIDER] }, 'subject.unknown_issuer'),
    claims('J-50 refuses exp as a string', { exp: String(seconds + 60) }, 'subject.wrong_time'),
    claims('J-50 refuses a missing exp', { exp: undefined }, 'subject.wrong_time'),
    claims('refuses a missing iat', { iat: undefined }, 'subject.wrong_time'),
    claims('J-53 refuses one that expires now', { exp: seconds }, 'subject.wrong_time'),
    claims('J-53 accepts one with a second left', { exp: seconds + 1 }, 'ok'),
    claims('J-54 accepts nbf 8 s ahead', { nbf: seconds + 8 }, 'ok'),
    claims('J-54 refuses nbf 61 s ahead', { nbf: seconds + 61 }, 'subject.wrong_time'),
    claims('J-55 accepts iat 8 s ahead', { iat: seconds + 8 }, 'ok'),
    claims('J-55 refuses iat an hour ahead', { iat: seconds + 3600 }, 'subject.wrong_time'),
    claims('J-56 refuses an old token with a valid exp', { iat: seconds - 3601 }, 'subject.wrong_time'),
    claims('J-56 accepts one exactly at the age limit', { iat: seconds - 3600 }, 'ok'),
    claims('J-58 refuses a missing audience', { aud: undefined }, 'subject.wrong_audience'),
    claims('J-58 refuses an empty list of audiences', { aud: [] }, 'subject.wrong_audience'),
    claims('J-58 refuses a substring of the audience', { aud: 'desk' }, 'subject.wrong_audience'),
    claims(
      'X-05 refuses a token made for another client of the same provider',
      { aud: 'hr-app' },
      'subject.wrong_audience',
    ),
    claims(
      'J-60 refuses an additional audience',
      { aud: ['desk-app', 'hr-app'], azp: 'desk-app' },
      'subject.wrong_audience',
    ),
    claims('J-60 refuses another authorized party', { azp: 'hr-app' }, 'subject.wrong_audience'),
    claims('accepts the authorized party that is the audience', { azp: 'desk-app' }, 'ok'),
    claims('J-61 refuses an empty sub', { sub: '' }, 'subject.bad_claims'),
    claims('J-61 refuses a number as sub', { sub: 7 }, 'subject.bad_claims'),
    claims('J-61 refuses NUL in sub', { sub: 'ada\u0000' }, 'subject.bad_claims'),
    claims('J-61 refuses a blank at the end of sub', { sub: 'ada ' }, 'subject.bad_claims'),
    claims('refuses groups that are no list', { groups: 'support' }, 'subject.bad_claims'),
    claims('refuses a group that is no string', { groups: ['support', 1] }, 'subject.bad_claims'),
    claims('refuses amr that is no list', { amr: 'pwd' }, 'subject.bad_claims'),
    claims('refuses auth_time as a string', { auth_time: 'now' }, 'subject.bad_claims'),
    claims('X-12 never passes over may_act', { may_act: { sub: 'agent' } }, 'actor.missing'),
    claims('X-14 never passes over act', { act: 'agent' }, 'subject.bad_claims'),
    claims(
      'J-34 is not moved by a claim named like object machinery',
      { constructor: { admin: true } },
      'ok',
    ),
    {
      name: 'J-11 refuses an embedded key',
      token: ({ make, keys }) => make.idToken({}, { jwk: keys.stranger.jwk }, keys.stranger),
      expected: 'subject.bad_signature',
    },
    {
      name: 'J-16 refuses a client assertion',
      token: ({ make }) => make.assertion(),
      expected: 'subject.wrong_kind',
    },
    { name: 'refuses what is not a JWT', token: () => 'once_token', expected: 'subject.malformed' },
    {
      name: 'refuses a bound token without its key',
      token: ({ make }) => make.idToken({}, { typ: 'dpop+id_token' }),
      expected: 'subject.bad_claims',
    },
    {
      name: 'refuses a token bound to another key',
      token: ({ make }) => make.idToken({ cnf: { jwk: fakeKey().jwk } }, { typ: 'dpop+id_token' }),
      expected: 'subject.key_bound',
    },
    {
      name: 'accepts a token bound to the key of the proof',
      token: ({ make, keys }) => make.idToken({ cnf: { jwk: keys.device.jwk } }, { typ: 'dpop+id_token' }),
      expected: 'ok',
    },
  ])('$name', async ({ token, expected }) => {
    const world = createWorld();
    expect(await outcome(world, token(world))).toBe(expected);
    expect(await outcome(world, world.make.idToken())).toBe('ok');
  });

  it('X-09 refuses a provider that the client may not use, before its keys are asked for', async () => {
    const world = createWorld();
    world.registrations.client.identityProviders.clear();
    expect(await outcome(world, world.make.idToken())).toBe('client.not_allowed');
  });

  it('J-46 tells subjects of different issuers apart in the question to the policies', async () => {
    const world = createWorld();
    await outcome(world, world.make.idToken());
    expect(world.policy.asked[0]?.principal).toEqual({
      issuer: PROVIDER,
      subject: 'ada',
      groups: ['support'],
      email: 'ada@corp.example',
    });
  });

  it.each<{ name: string; prefix: string; groups: readonly string[]; seen: readonly string[] }>([
    {
      name: 'P-11 drops groups that an identity provider calls like a role',
      prefix: '',
      groups: ['oncekey:publisher', 'support', 'oncekey:', 'oncekey:unheard-of'],
      seen: ['support'],
    },
    {
      name: 'P-11 drops groups that the prefix makes a role of',
      prefix: 'once',
      groups: ['key:publisher', 'support'],
      seen: ['oncesupport'],
    },
    {
      name: 'leaves alone what only looks like a role',
      prefix: 'corp/',
      groups: ['oncekey:publisher', 'Oncekey:publisher'],
      seen: ['corp/oncekey:publisher', 'corp/Oncekey:publisher'],
    },
  ])('$name', async ({ prefix, groups, seen }) => {
    const world = createWorld();
    world.registrations.provider.groupsPrefix = prefix;
    expect(await outcome(world, world.make.idToken({ groups }))).toBe('ok');
    expect(world.policy.asked[0]?.principal.groups).toEqual(seen);
  });

  it('gives roles to whom role bindings name, and puts them on record with the question', async () => {
    const world = createWorld();
    world.registrations.roleBindings.push(
      { id: 'a', role: 'publisher', holder: { issuer: PROVIDER, subject: 'ada' } },
      { id: 'b', role: 'auditor', holder: { group: 'support' } },
      { id: 'c', role: 'registrar', holder: { issuer: 'https://evil.test', subject: 'ada' } },
    );
    expect(await outcome(world, world.make.idToken())).toBe('ok');
    const groups = ['support', 'oncekey:auditor', 'oncekey:publisher'];
    expect(world.policy.asked[0]?.principal.groups).toEqual(groups);
    expect(world.ledger.events.at(-1)?.question?.principal.groups).toEqual(groups);

    world.registrations.roleBindings.length = 0;
    await outcome(world, world.make.idToken());
    expect(world.policy.asked[1]?.principal.groups).toEqual(['support']);
  });
});
