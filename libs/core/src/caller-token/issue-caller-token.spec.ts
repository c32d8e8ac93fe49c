import { createWorld, credentialsOf, ISSUER, type World } from '#testing';
import { sha256 } from '../shared/sha256.ts';
import { TOKEN_PREFIX, type CallerCredentials, type CallerTokenClaims } from '../index.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
  world.registrations.orders.callerTokens = true;
});

const assertion = (sub = 'orders', key = world.keys.server) =>
  credentialsOf(world.make.assertion({ iss: sub, sub }, {}, key));

const ask = (credentials = assertion(), resources: readonly string[] = []) =>
  world.issueCallerToken({ credentials, resources });

const bearer = (token: string, changes: Partial<CallerCredentials> = {}) => ({
  credentials: credentialsOf(null, { bearer: token, ...changes }),
});

async function refusalOf(asked: Promise<unknown>): Promise<string | null> {
  await expect(asked).rejects.toThrow();
  const event = world.ledger.events.at(-1);
  return event?.outcome === 'refused' ? event.reason : null;
}

it('a caller token spends tokens for a minute, again and again, and no claim is settled for it', async () => {
  const { callerToken, expiresInSeconds, scope } = await ask();
  expect([expiresInSeconds, scope]).toEqual([60, 'introspect']);
  expect(world.ledger.events.at(-1)).toMatchObject({
    type: 'token.caller',
    outcome: 'permitted',
    callerId: 'orders',
    callerMethod: 'private_key_jwt',
  });
  for (let time = 0; time < 2; time++) {
    const { accessToken } = await world.exchange(world.make.exchange());
    const answer = await world.introspect(world.make.introspection(accessToken, {}, bearer(callerToken)));
    expect(answer).toMatchObject({ active: true, callerId: 'orders' });
    expect(world.ledger.events.at(-1)).toMatchObject({ outcome: 'spent', callerMethod: 'caller_token' });
    world.advance(29_000);
  }
  world.advance(2_000);
  const late = world.introspect(world.make.introspection('once_x', {}, bearer(callerToken)));
  expect(await refusalOf(late)).toBe('bearer.wrong_time');
});

it('one assertion earns one caller token', async () => {
  const credentials = assertion();
  await ask(credentials);
  expect(await refusalOf(ask(credentials))).toBe('client.replayed');
});

it.each<[string, () => Promise<unknown>, string]>([
  ['a client', () => ask(credentialsOf(world.make.assertion())), 'client.not_allowed'],
  [
    'a resource server whose registration gives it none',
    () => ask(assertion('elsewhere', world.keys.stranger)),
    'bearer.not_given',
  ],
  ['an API as resource', () => ask(assertion(), ['https://api.example/v1']), 'bearer.other_resource'],
  ['a second resource', () => ask(assertion(), [ISSUER, 'https://x.example']), 'bearer.other_resource'],
  [
    'a caller token, for another',
    async () => ask(credentialsOf(null, { bearer: (await ask()).callerToken })),
    'client.secret_refused',
  ],
])('is not given to %s', async (_, asked, reason) => {
  expect(await refusalOf(asked())).toBe(reason);
  expect(await ask(assertion(), [ISSUER])).toMatchObject({ scope: 'introspect' });
});

it.each<[string, (claims: CallerTokenClaims) => CallerTokenClaims]>([
  ['of another version of the registration', (claims) => ({ ...claims, version: '0' })],
  ['of somebody who is not registered any more', (claims) => ({ ...claims, client_id: 'gone' })],
  ['of a client', (claims) => ({ ...claims, client_id: 'desk' })],
])('a token %s is outdated', async (_, change) => {
  const { callerToken } = await ask();
  const claims = world.sealedCallers.get(callerToken)!;
  world.sealedCallers.set(callerToken, change(claims));
  const asked = () => world.introspect(world.make.introspection('once_x', {}, bearer(callerToken)));
  expect(await refusalOf(asked())).toBe('bearer.outdated');
  world.sealedCallers.set(callerToken, claims);
  expect(await asked()).toMatchObject({ active: false, callerId: 'orders' });
});

it('a token that was sealed for another issuer, or as another kind, says nothing', async () => {
  const { callerToken } = await ask();
  const claims = world.sealedCallers.get(callerToken)!;
  world.sealedCallers.set(callerToken, { ...claims, iss: 'https://elsewhere.example' });
  const { accessToken } = await world.exchange(world.make.exchange());
  expect(accessToken.startsWith(TOKEN_PREFIX)).toBe(true);
  for (const token of [callerToken, accessToken, 'x']) {
    const asked = world.introspect(world.make.introspection(accessToken, {}, bearer(token)));
    expect(await refusalOf(asked)).toBe('bearer.malformed');
  }
  expect(await world.introspect(world.make.introspection(callerToken))).toMatchObject({ active: false });
  expect(await world.introspect(world.make.introspection(accessToken))).toMatchObject({ active: true });
});

it('RFC 8705 §3: a token that is bound to a certificate says nothing without it', async () => {
  const { callerToken } = await ask();
  const claims = world.sealedCallers.get(callerToken)!;
  const der = Buffer.from('a certificate');
  const cnf = { 'x5t#S256': sha256(der).toString('base64url') };
  world.sealedCallers.set(callerToken, { ...claims, cnf });
  const asked = (certificate: CallerCredentials['certificate']) =>
    world.introspect(world.make.introspection('once_x', {}, bearer(callerToken, { certificate })));
  expect(await refusalOf(asked(null))).toBe('bearer.wrong_certificate');
  expect(await refusalOf(asked({ der: Buffer.from('another'), chain: [] }))).toBe('bearer.wrong_certificate');
  expect(await asked({ der, chain: [] })).toMatchObject({ active: false, callerId: 'orders' });
});
