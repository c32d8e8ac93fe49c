import { createWorld, fakeJws, ISSUER, NOW, PROVIDER, type World } from '../../../testing/src/index.ts';

const SECONDS = NOW / 1000;
const ADA = { format: 'iss_sub', iss: PROVIDER, sub: 'ada' };

type Claims = Record<string, unknown>;

describe('revokeSubject', () => {
  let world: World;
  let turn = 0;
  beforeEach(() => {
    world = createWorld();
  });

  const token = (claims: Claims = {}, header: Claims = {}, key = world.keys.provider): string =>
    fakeJws(
      { alg: 'ES256', typ: 'global-token-revocation+jwt', kid: 'idp-1', ...header },
      {
        iss: PROVIDER,
        aud: `${ISSUER}/global-token-revocation`,
        jti: `call-${turn++}`,
        iat: SECONDS,
        exp: SECONDS + 60,
        ...claims,
      },
      key,
    );
  const call = (subject: unknown, ...authorizations: string[]): Promise<string> =>
    world.revokeSubject({ authorizations, subject }).then(
      () => 'revoked',
      ({ reason }: { reason: string }) => reason,
    );
  const isPermitted = async (at = SECONDS - 60): Promise<boolean> =>
    world
      .exchange(
        world.make.exchange({ subjectToken: world.make.idToken({ sub: 'ada', iat: at, auth_time: at }) }),
      )
      .then(
        () => true,
        () => false,
      );

  it('check 94: kills what the user has, until he has signed in again', async () => {
    const { accessToken } = await world.exchange(world.make.exchange());
    expect(await call(ADA, `Bearer ${token()}`)).toBe('revoked');
    expect(world.ledger.events.at(-1)).toMatchObject({
      type: 'subject.revoke',
      outcome: 'revoked',
      callerId: 'corp',
      cutOff: { kind: 'subject', id: `${PROVIDER} ada` },
    });
    const { active } = await world.introspect(world.make.introspection(accessToken));
    expect([active, await isPermitted()]).toEqual([false, false]);
    world.advance(1_000);
    expect(await isPermitted(SECONDS + 1)).toBe(true);
  });

  it.each<{ name: string; subject: unknown; reason: string }>([
    { name: 'no subject', subject: undefined, reason: 'revocation.bad_subject' },
    { name: 'a subject that is none', subject: 'ada', reason: 'revocation.bad_subject' },
    { name: 'a subject without a format', subject: { sub: 'ada' }, reason: 'revocation.bad_subject' },
    {
      name: 'a user of another issuer',
      subject: { ...ADA, iss: 'https://other.example' },
      reason: 'revocation.unknown_subject',
    },
    {
      name: 'a format that names nobody here',
      subject: { format: 'phone_number', phone_number: '+12065550100' },
      reason: 'revocation.unprocessable',
    },
  ])('check 94: refuses $name: $reason', async ({ subject, reason }) => {
    expect(await call(subject, `Bearer ${token()}`)).toBe(reason);
    expect(await isPermitted()).toBe(true);
    expect(await call(ADA, `Bearer ${token()}`)).toBe('revoked');
  });

  it.each<{ name: string; authorizations: (world: World) => string[] }>([
    { name: 'no header', authorizations: () => [] },
    { name: 'two headers', authorizations: () => [`Bearer ${token()}`, `Bearer ${token()}`] },
    { name: 'another scheme', authorizations: () => [`Basic ${token()}`] },
    { name: 'no token', authorizations: () => ['Bearer x'] },
    { name: 'an ID token', authorizations: ({ make }) => [`Bearer ${make.idToken()}`] },
    { name: 'a security event', authorizations: () => [`Bearer ${token({}, { typ: 'secevent+jwt' })}`] },
    {
      name: 'a stranger’s signature',
      authorizations: ({ keys }) => [`Bearer ${token({}, {}, keys.stranger)}`],
    },
    { name: 'an unknown issuer', authorizations: () => [`Bearer ${token({ iss: 'https://x.example' })}`] },
    { name: 'the broker as audience', authorizations: () => [`Bearer ${token({ aud: ISSUER })}`] },
    {
      name: 'several audiences',
      authorizations: () => [`Bearer ${token({ aud: [`${ISSUER}/global-token-revocation`, 'x'] })}`],
    },
    { name: 'no end', authorizations: () => [`Bearer ${token({ exp: undefined })}`] },
    { name: 'an end in the past', authorizations: () => [`Bearer ${token({ exp: SECONDS - 60 })}`] },
    { name: 'an end far away', authorizations: () => [`Bearer ${token({ exp: SECONDS + 3_600 })}`] },
    { name: 'no jti', authorizations: () => [`Bearer ${token({ jti: undefined })}`] },
  ])('check 94: takes no word of a caller with $name', async ({ authorizations }) => {
    expect(await call(ADA, ...authorizations(world))).toBe('revocation.not_authenticated');
    expect(await isPermitted()).toBe(true);
    expect(await call(ADA, `Bearer ${token()}`)).toBe('revoked');
  });

  it('takes a token once, and no token of a provider that may not', async () => {
    const used = token();
    expect(await call({ ...ADA, sub: 'bob' }, `Bearer ${used}`)).toBe('revoked');
    expect(await call(ADA, `Bearer ${used}`)).toBe('revocation.replayed');
    expect(await isPermitted()).toBe(true);
    world.registrations.provider.events = null;
    expect(await call(ADA, `Bearer ${token()}`)).toBe('revocation.not_authenticated');
  });
});
