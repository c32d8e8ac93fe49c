import { createWorld, NOW, PROVIDER, type World } from '../../../testing/src/index.ts';
import type { IssuedToken } from './steps/mint.ts';
import { cutOffName, type CutOffName } from '../revocation/cut-off.ts';

const SECONDS = NOW / 1000;

/** Cuts off all that was vouched for until now, and lets a second pass. */
async function cutOff(world: World, name: CutOffName): Promise<void> {
  const cutOffs = [{ ...name, change: { is: 'cut', upTo: null } }] as const;
  await world.ledger.revoke(
    { source: PROVIDER, saidAt: null, event: null, cutOffs },
    { claims: [], describe: () => world.ledger.events[0]! },
  );
  world.advance(1_000);
}

const refusalOf = (world: World, claims: Record<string, unknown> = {}): Promise<string> =>
  world.exchange(world.make.exchange({ subjectToken: world.make.idToken(claims) })).then(
    () => 'permitted',
    ({ reason }: { reason: string }) => reason,
  );

describe('recordPermit', () => {
  let world: World;
  beforeEach(async () => {
    world = createWorld();
    await refusalOf(world);
  });

  const CLAIMS = { sub: 'ada', sid: 'session-1', email: 'Ada@Example.org' };
  const of = (kind: 'subject' | 'email' | 'session', name: string): CutOffName =>
    cutOffName(kind, { issuer: PROVIDER, name });

  it.each<{ name: string; cut: CutOffName; refused: string; claims?: Record<string, unknown> }>([
    { name: 'a user', cut: of('subject', 'ada'), refused: 'subject.revoked' },
    { name: 'an address, in any case', cut: of('email', 'ADA@example.org'), refused: 'subject.revoked' },
    { name: 'a session', cut: of('session', 'session-1'), refused: 'subject.revoked' },
    { name: 'another user', cut: of('subject', 'bob'), refused: 'permitted' },
    { name: 'another session', cut: of('session', 'session-2'), refused: 'permitted' },
    { name: 'a user of another issuer', refused: 'permitted', cut: { kind: 'subject', id: 'https://x ada' } },
  ])('check 94: refuses sign-ins older than a revocation of $name: $refused', async ({ cut, refused }) => {
    const old = { ...CLAIMS, iat: SECONDS - 60, auth_time: SECONDS - 60 };
    expect(await refusalOf(world, old)).toBe('permitted');
    await cutOff(world, cut);
    expect(await refusalOf(world, old)).toBe(refused);
    expect(world.ledger.events.at(-1)?.reason ?? 'permitted').toBe(refused);
    expect(await refusalOf(world, { ...old, iat: SECONDS + 1, auth_time: SECONDS + 1 })).toBe('permitted');
  });

  it('check 94: a new ID token does not make an old sign-in new, and none can be newer than its token', async () => {
    await cutOff(world, of('subject', 'ada'));
    const later = SECONDS + 1;
    expect(await refusalOf(world, { iat: later, auth_time: SECONDS - 60 })).toBe('subject.revoked');
    expect(await refusalOf(world, { iat: SECONDS - 60, auth_time: later })).toBe('subject.revoked');
    expect(await refusalOf(world, { iat: SECONDS - 60, auth_time: undefined })).toBe('subject.revoked');
    expect(await refusalOf(world, { iat: later, auth_time: undefined })).toBe('permitted');
  });

  it('X-16 holds the current actor against revocations, as anybody', async () => {
    const agent = { sub: 'agent-7', aud: 'agents', iat: SECONDS - 60, auth_time: SECONDS - 60 };
    const act = (claims: Record<string, unknown>): Promise<IssuedToken> =>
      world.exchange(world.make.exchange({ actorToken: world.make.idToken({ ...agent, ...claims }) }));
    const { accessToken } = await act({});
    await cutOff(world, of('subject', 'agent-7'));
    await expect(act({})).rejects.toMatchObject({ reason: 'subject.revoked' });
    expect(await world.introspect(world.make.introspection(accessToken))).toMatchObject({ active: false });
    const renewed = await act({ iat: SECONDS + 1, auth_time: SECONDS + 1 });
    expect(await world.introspect(world.make.introspection(renewed.accessToken))).toMatchObject({
      active: true,
    });
  });

  it('X-17 refuses a client that was cut off a moment ago, which the registry may not know yet', async () => {
    const cutOffs = [{ kind: 'client', id: 'desk', change: { is: 'block' } }] as const;
    await world.ledger.revoke(
      { source: 'registration', saidAt: null, event: null, cutOffs },
      { claims: [], describe: () => world.ledger.events[0]! },
    );
    expect(await refusalOf(world)).toBe('client.revoked');
  });

  it('check 91: a token is inactive once its user was cut off, and spent before that', async () => {
    const [first, second] = [
      await world.exchange(world.make.exchange()),
      await world.exchange(world.make.exchange()),
    ];
    expect(await world.introspect(world.make.introspection(first.accessToken))).toMatchObject({
      active: true,
    });
    await cutOff(world, of('subject', 'ada'));
    expect(await world.introspect(world.make.introspection(second.accessToken))).toMatchObject({
      active: false,
    });
    expect(world.ledger.events.at(-1)?.reason).toBe('token.revoked');
  });
});
