import { createWorld, fakeJws, ISSUER, NOW, PROVIDER, type World } from '../../../testing/src/index.ts';
import { sha256 } from '../shared/sha256.ts';
import { MAX_EVENT_AGE_SECONDS } from './steps/authenticate-event.ts';

const SECONDS = NOW / 1000;
const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const ADA = { format: 'iss_sub', iss: PROVIDER, sub: 'ada' };
const LAPTOP = { format: 'opaque', id: 'laptop' };

type Claims = Record<string, unknown>;

describe('receiveEvent', () => {
  let world: World;
  let turn = 0;
  beforeEach(() => {
    world = createWorld();
  });

  const eventOf = (type: string, claims: Claims = {}, members: Claims = {}): Claims => ({
    iss: PROVIDER,
    aud: ISSUER,
    jti: `event-${turn++}`,
    iat: SECONDS,
    sub_id: ADA,
    events: { [type]: claims },
    ...members,
  });
  const sign = (payload: Claims, header: Claims = {}, key = world.keys.provider): string =>
    fakeJws({ alg: 'ES256', typ: 'secevent+jwt', kid: 'idp-1', ...header }, payload, key);
  const push = (token: string, ...authorizations: string[]): Promise<string> =>
    world.receiveEvent({ token, delivery: { by: 'push', authorizations } }).then(
      () => world.ledger.events.at(-1)?.outcome ?? 'nothing',
      ({ reason }: { reason: string }) => reason,
    );
  const send = (type: string, claims?: Claims, members?: Claims): Promise<string> =>
    push(sign(eventOf(type, claims, members)));
  /** What an ID token of a minute ago earns, and of a second from now. */
  const isPermitted = async (claims: Claims = {}): Promise<boolean> =>
    world.exchange(world.make.exchange({ subjectToken: world.make.idToken(claims) })).then(
      () => true,
      () => false,
    );
  const OLD = {
    sub: 'ada',
    sid: 's-1',
    email: 'ada@corp.example',
    iat: SECONDS - 60,
    auth_time: SECONDS - 60,
  };

  it.each<{ name: string; type: string; claims?: Claims; subject?: Claims; dead: boolean; outcome: string }>([
    { name: 'a session', type: `${CAEP}session-revoked`, dead: true, outcome: 'revoked' },
    {
      name: 'one session of a complex subject',
      type: `${CAEP}session-revoked`,
      subject: { format: 'complex', user: ADA, session: { format: 'opaque', id: 's-1' } },
      dead: true,
      outcome: 'revoked',
    },
    {
      name: 'another session of the same user',
      type: `${CAEP}session-revoked`,
      subject: { format: 'complex', user: ADA, session: { format: 'opaque', id: 's-2' } },
      dead: false,
      outcome: 'revoked',
    },
    {
      name: 'an address',
      type: `${CAEP}session-revoked`,
      subject: { format: 'email', email: 'Ada@Corp.example' },
      dead: true,
      outcome: 'revoked',
    },
    { name: 'the old name of it', type: `${RISC}sessions-revoked`, dead: true, outcome: 'revoked' },
    {
      name: 'a revoked credential',
      type: `${CAEP}credential-change`,
      claims: { credential_type: 'password', change_type: 'revoke' },
      dead: true,
      outcome: 'revoked',
    },
    {
      name: 'a new credential',
      type: `${CAEP}credential-change`,
      claims: { credential_type: 'password', change_type: 'create' },
      dead: false,
      outcome: 'accepted',
    },
    {
      name: 'a lower assurance',
      type: `${CAEP}assurance-level-change`,
      claims: { change_direction: 'decrease' },
      dead: true,
      outcome: 'revoked',
    },
    {
      name: 'a higher assurance',
      type: `${CAEP}assurance-level-change`,
      claims: { change_direction: 'increase' },
      dead: false,
      outcome: 'accepted',
    },
    {
      name: 'a high risk',
      type: `${CAEP}risk-level-change`,
      claims: { principal: 'USER', current_level: 'HIGH' },
      dead: true,
      outcome: 'revoked',
    },
    {
      name: 'a medium risk',
      type: `${CAEP}risk-level-change`,
      claims: { principal: 'USER', current_level: 'MEDIUM' },
      dead: false,
      outcome: 'accepted',
    },
    { name: 'a compromise', type: `${RISC}credential-compromise`, dead: true, outcome: 'revoked' },
    { name: 'a disabled account', type: `${RISC}account-disabled`, dead: true, outcome: 'revoked' },
    { name: 'a purged account', type: `${RISC}account-purged`, dead: true, outcome: 'revoked' },
    { name: 'an enabled account', type: `${RISC}account-enabled`, dead: false, outcome: 'accepted' },
    { name: 'a verification', type: 'https://x.example/verification', dead: false, outcome: 'accepted' },
    {
      name: 'a subject of a format that names nobody here',
      type: `${CAEP}session-revoked`,
      subject: { format: 'did', url: 'did:example:123' },
      dead: false,
      outcome: 'accepted',
    },
    {
      name: 'another user',
      type: `${CAEP}session-revoked`,
      subject: { ...ADA, sub: 'bob' },
      dead: false,
      outcome: 'revoked',
    },
  ])(
    'check 91: $name: $outcome, sign-ins before it dead: $dead',
    async ({ type, claims, subject, dead, outcome }) => {
      expect(await isPermitted(OLD)).toBe(true);
      expect(await send(type, claims, subject === undefined ? {} : { sub_id: subject })).toBe(outcome);
      expect(await isPermitted(OLD)).toBe(!dead);
      expect(world.ledger.events.at(-2)).toMatchObject({
        type: 'security.event',
        callerId: 'corp',
        detail: type,
      });
    },
  );

  it('holds sign-ins against the time of the event, and lets new ones pass', async () => {
    await send(`${CAEP}session-revoked`, { event_timestamp: SECONDS - 30 });
    expect(await isPermitted(OLD)).toBe(false);
    expect(await isPermitted({ ...OLD, iat: SECONDS - 29, auth_time: SECONDS - 29 })).toBe(true);
  });

  it('X-17 blocks a disabled account, new sign-ins too, until it is enabled', async () => {
    await send(`${RISC}account-disabled`);
    world.advance(10_000);
    const later = { iat: SECONDS + 10, auth_time: SECONDS + 10 };
    expect(await isPermitted(later)).toBe(false);
    await send(`${RISC}account-enabled`, {}, { iat: SECONDS + 10 });
    world.advance(1_000);
    expect(await isPermitted(later)).toBe(false);
    expect(await isPermitted({ iat: SECONDS + 11, auth_time: SECONDS + 11 })).toBe(true);
  });

  it('check 95: takes the same event once, and answers it twice', async () => {
    const event = sign(eventOf(`${RISC}account-disabled`));
    expect(await push(event)).toBe('revoked');
    world.advance(1_000);
    expect(await send(`${RISC}account-enabled`, {}, { iat: SECONDS + 1 })).toBe('accepted');
    expect(await push(event)).toBe('repeated');
    world.advance(1_000);
    expect(await isPermitted({ iat: SECONDS + 2, auth_time: SECONDS + 2 })).toBe(true);
  });

  it.each<{ name: string; change: Claims; header?: Claims; reason: string }>([
    { name: 'a top-level sub', change: { sub: 'ada' }, reason: 'event.malformed' },
    { name: 'an exp', change: { exp: SECONDS + 60 }, reason: 'event.malformed' },
    { name: 'no sub_id', change: { sub_id: undefined }, reason: 'event.malformed' },
    { name: 'a sub_id that is none', change: { sub_id: 'ada' }, reason: 'event.malformed' },
    { name: 'a sub_id without a sub', change: { sub_id: { ...ADA, sub: '' } }, reason: 'event.malformed' },
    { name: 'no jti', change: { jti: undefined }, reason: 'event.malformed' },
    { name: 'no iat', change: { iat: undefined }, reason: 'event.malformed' },
    { name: 'no events', change: { events: {} }, reason: 'event.malformed' },
    { name: 'two events', change: { events: { a: {}, b: {} } }, reason: 'event.malformed' },
    { name: 'an event that is no object', change: { events: { a: 'b' } }, reason: 'event.malformed' },
    { name: 'the typ of an ID token', change: {}, header: { typ: 'JWT' }, reason: 'event.malformed' },
    { name: 'no typ', change: {}, header: { typ: undefined }, reason: 'event.malformed' },
    { name: 'the audience of a client', change: { aud: 'desk-app' }, reason: 'event.wrong_audience' },
    { name: 'no audience', change: { aud: undefined }, reason: 'event.wrong_audience' },
    { name: 'an unknown issuer', change: { iss: 'https://x.example' }, reason: 'event.unknown_issuer' },
    { name: 'a key that is unknown', change: {}, header: { kid: 'idp-9' }, reason: 'event.bad_signature' },
    { name: 'no algorithm', change: {}, header: { alg: 'none' }, reason: 'event.bad_signature' },
    { name: 'a time to come', change: { iat: SECONDS + 60 }, reason: 'event.wrong_time' },
    {
      name: 'a time that nobody remembers',
      change: { iat: SECONDS - MAX_EVENT_AGE_SECONDS - 1 },
      reason: 'event.wrong_time',
    },
    {
      name: 'a user of another issuer',
      change: { sub_id: { ...ADA, iss: 'https://other.example' } },
      reason: 'event.foreign_subject',
    },
    {
      name: 'a user of another issuer in a complex subject',
      change: {
        sub_id: { format: 'complex', user: { ...ADA, iss: 'https://other.example' }, device: LAPTOP },
      },
      reason: 'event.foreign_subject',
    },
  ])('check 96: refuses an event with $name: $reason', async ({ change, header, reason }) => {
    expect(await push(sign(eventOf(`${CAEP}session-revoked`, {}, change), header))).toBe(reason);
    expect(world.ledger.events.at(-1)).toMatchObject({ type: 'security.event', outcome: 'refused', reason });
    expect(await isPermitted(OLD)).toBe(true);
    expect(await send(`${CAEP}session-revoked`)).toBe('revoked');
    expect(await isPermitted(OLD)).toBe(false);
  });

  it('refuses an event that somebody else signed', async () => {
    const event = eventOf(`${CAEP}session-revoked`);
    expect(await push(sign(event, {}, world.keys.stranger))).toBe('event.bad_signature');
    expect(await push(sign(event))).toBe('revoked');
  });

  it.each(['', 'text', 'a.b', 'a.b.c.d', '\u0000'])('refuses what is no token: %j', async (text) => {
    expect(await push(text)).toBe('event.malformed');
  });

  it('hears only providers that are registered to send events', async () => {
    world.registrations.provider.events = null;
    expect(await send(`${CAEP}session-revoked`)).toBe('event.unknown_issuer');
  });

  it('takes the audience that was registered, and that alone', async () => {
    world.registrations.provider.events = {
      audience: 'stream-1',
      authorizationSha256: null,
      devices: false,
      poll: null,
    };
    expect(await send(`${CAEP}session-revoked`)).toBe('event.wrong_audience');
    expect(await send(`${CAEP}session-revoked`, {}, { aud: ['stream-1', 'other'] })).toBe('revoked');
  });

  it.each<{ headers: string[]; answer: string }>([
    { headers: [], answer: 'event.not_authenticated' },
    { headers: ['Bearer wrong'], answer: 'event.not_authenticated' },
    { headers: ['Bearer right', 'Bearer right'], answer: 'event.not_authenticated' },
    { headers: ['Bearer right'], answer: 'revoked' },
  ])('asks for the header that was registered: $headers is $answer', async ({ headers, answer }) => {
    const authorizationSha256 = sha256('Bearer right').toString('hex');
    world.registrations.provider.events = { audience: null, authorizationSha256, devices: false, poll: null };
    expect(await push(sign(eventOf(`${CAEP}session-revoked`)), ...headers)).toBe(answer);
  });

  it.each<{ name: string; subject: Claims }>([
    { name: 'alone', subject: LAPTOP },
    { name: 'by its issuer', subject: { format: 'iss_sub', iss: PROVIDER, sub: 'laptop' } },
    { name: 'in a complex subject', subject: { format: 'complex', device: LAPTOP, user: ADA } },
  ])('check 97: freezes a device, and thaws it: named $name', async ({ subject }) => {
    const change = `${CAEP}device-compliance-change`;
    const laptop = { kind: 'device', id: 'laptop', since: NOW } as const;
    const entry = { claims: [], describe: () => world.ledger.events[0]! };
    expect(await send(change, { current_status: 'not-compliant' }, { sub_id: subject })).toBe('revoked');
    expect(await world.ledger.permit([laptop], entry)).toMatchObject({ verdict: 'cut_off', kind: 'device' });
    expect(await isPermitted(OLD)).toBe(true);
    world.advance(1_000);
    const later = { sub_id: subject, iat: SECONDS + 1 };
    expect(await send(change, { current_status: 'compliant' }, later)).toBe('accepted');
    expect(await world.ledger.permit([laptop], entry)).toMatchObject({ verdict: 'cut_off' });
    const fresh = { ...laptop, since: NOW + 1_001 };
    expect(await world.ledger.permit([fresh], entry)).toEqual({ verdict: 'recorded' });
  });

  it('lets nobody speak of devices who was not registered to', async () => {
    world.registrations.provider.events = {
      audience: null,
      authorizationSha256: null,
      devices: false,
      poll: null,
    };
    const members = { sub_id: LAPTOP };
    expect(await send(`${CAEP}device-compliance-change`, { current_status: 'not-compliant' }, members)).toBe(
      'event.foreign_subject',
    );
  });

  it('answers that it could not take the event when the ledger is away, and takes it then', async () => {
    const event = sign(eventOf(`${CAEP}session-revoked`));
    world.ledger.isAway = true;
    expect(await push(event)).toBe('broker.unavailable');
    world.ledger.isAway = false;
    expect(await push(event)).toBe('revoked');
  });
});
