import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import type { Answer, Claims } from '../support/deployment/caller.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';

/** RFC 7523 §2.2, as tightened by rfc7523bis and FAPI 2.0: how a client says who it is. */
const broker = useBroker();
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const present = (claims: Claims = {}, header: Claims = {}): Promise<Answer> =>
  broker.caller.exchange({ client_assertion: broker.caller.assertion(claims, header) });

/** For that and nothing else. */
const expectRefused = (answer: Answer, reason: string): Promise<void> =>
  expectRefusal(answer, broker.records, { answer: '401 invalid_client', reason });

it.each(['/token', '/introspect', '/'])(
  'check 18, FAPI 2.0 §5.3.2.1: an assertion for %s behind the issuer is for somebody else',
  async (path) => {
    await expectRefused(await present({ aud: broker.deployment.issuer + path }), 'client.wrong_audience');
  },
);

it('check 19, RFC 7523 §3: a list of nothing but the issuer says the same as the issuer', async () => {
  expect((await present({ aud: [broker.deployment.issuer] })).status).toBe(200);
});

it.each<{ name: string; aud: (issuer: string) => unknown }>([
  { name: 'the issuer and another', aud: (issuer) => [issuer, 'https://other.example'] },
  { name: 'another and the issuer', aud: (issuer) => ['https://other.example', issuer] },
  { name: 'the issuer twice', aud: (issuer) => [issuer, issuer] },
  { name: 'nobody', aud: () => [] },
])('check 20, rfc7523bis §4: the issuer has to be the only audience, not $name', async ({ aud }) => {
  await expectRefused(await present({ aud: aud(broker.deployment.issuer) }), 'client.wrong_audience');
});

it.each([undefined, 'JWT', 'client-authentication+jwt'])(
  'check 21, rfc7523bis §4: an assertion may be of type %s',
  async (typ) => {
    expect((await present({}, { typ })).status).toBe(200);
  },
);

it.each(['dpop+jwt', 'at+jwt', 'secevent+jwt', 'logout+jwt', 'token-introspection+jwt'])(
  'check 21, RFC 8725 §3.11: an assertion may not be of type %s',
  async (typ) => {
    await expectRefused(await present({}, { typ }), 'client.wrong_kind');
  },
);

it('check 22, RFC 7523 §3: an assertion authenticates once', async () => {
  const client_assertion = broker.caller.assertion();
  expect((await broker.caller.exchange({ client_assertion })).status).toBe(200);
  await expectRefused(await broker.caller.exchange({ client_assertion }), 'client.replayed');
});

it('check 23, RFC 7521 §5.2: iss, sub and client_id name the same client', async () => {
  expectError(await present({ iss: 'kiosk' }), '401 invalid_client');
  expectError(await present({ sub: 'kiosk' }), '401 invalid_client');
  expectError(await broker.caller.exchange({ client_id: 'kiosk' }), '401 invalid_client');
  expect((await broker.caller.exchange({ client_id: 'desk' })).status).toBe(200);
});

it('check 24, RFC 7523 §3: an assertion that lives for longer than ten minutes is refused', async () => {
  await expectRefused(await present({ exp: inSeconds(660) }), 'client.wrong_time');
  expect((await present({ exp: inSeconds(590) })).status).toBe(200);
});

it('check 25, FAPI 2.0 §5.3.2.1: a clock may be 8 s ahead, and not 61 s', async () => {
  expect((await present({ iat: inSeconds(8) })).status).toBe(200);
  await expectRefused(await present({ iat: inSeconds(61), exp: inSeconds(120) }), 'client.wrong_time');
  expect((await present({ exp: inSeconds(120) })).status).toBe(200);
});
