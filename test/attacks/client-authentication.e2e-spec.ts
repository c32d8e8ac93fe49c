import { Caller, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey, type SigningAlgorithm, type SigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let records: Records;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  records = await Records.open(url);
  caller = new Caller(deployment);
  await caller.learnNonce();
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

/** Seconds from the moment of the request on. */
type Times = Readonly<Partial<Record<'iat' | 'nbf' | 'exp', number>>>;

function fromNow(times: Times): Claims {
  const now = Math.floor(Date.now() / 1000);
  return Object.fromEntries(Object.entries(times).map(([name, seconds]) => [name, now + seconds]));
}

const NO_ASSERTION = { client_assertion: undefined, client_assertion_type: undefined };
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('D2, C-01, C-02 no assertion at all', () => {
  it.each<{ name: string; changes?: Parameters; authorization?: string; reason: string }>([
    { name: 'nothing', reason: 'client.missing' },
    { name: 'client_id alone', changes: { client_id: 'desk' }, reason: 'client.missing' },
    {
      name: 'client_secret_post',
      changes: { client_id: 'desk', client_secret: 's' },
      reason: 'client.secret_refused',
    },
    { name: 'client_secret_basic', authorization: basic('desk:s'), reason: 'client.secret_refused' },
    { name: 'Basic with an empty secret', authorization: basic('desk:'), reason: 'client.secret_refused' },
    { name: 'a bearer token', authorization: 'Bearer x', reason: 'client.secret_refused' },
    { name: 'an empty Authorization', authorization: '', reason: 'client.secret_refused' },
  ])('refuses $name', async ({ changes, authorization, reason }) => {
    const before = await records.counts();
    const answer = await caller.post('/token', caller.parameters({ ...NO_ASSERTION, ...changes }), {
      DPoP: caller.proof(),
      ...(authorization === undefined ? {} : { authorization }),
    });
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason });
    expect(answer.headers.get('www-authenticate')).toBe(
      authorization === undefined
        ? null
        : `${authorization.startsWith('Bearer') ? 'Bearer' : 'Basic'} realm="oncekey"`,
    );
    expect(await records.counts()).toEqual(before);
    expect((await caller.exchange()).status).toBe(200);
  });
});

interface BadAssertion {
  readonly name: string;
  readonly claims?: Claims;
  readonly times?: Times;
  readonly header?: Claims;
  readonly key?: () => SigningKey;
  readonly changes?: Parameters;
  readonly reason: string;
}

const OTHER_KEY = makeSigningKey();
const WEAK_KEY = makeSigningKey('RS256');

const BAD: BadAssertion[] = [
  { name: 'C-05: iss that is not sub', claims: { iss: 'kiosk' }, reason: 'client.wrong_issuer' },
  { name: 'C-05: no iss', claims: { iss: undefined }, reason: 'client.wrong_issuer' },
  { name: 'C-05: another client_id', changes: { client_id: 'kiosk' }, reason: 'client.wrong_issuer' },
  { name: 'J-61: no sub', claims: { sub: undefined }, reason: 'client.wrong_issuer' },
  {
    name: 'J-61: a list as sub and iss',
    claims: { iss: ['desk'], sub: ['desk'] },
    reason: 'client.wrong_issuer',
  },
  { name: 'C-27: a stranger', claims: { iss: 'nobody', sub: 'nobody' }, reason: 'client.unknown' },
  { name: 'C-27: another key', key: () => OTHER_KEY, reason: 'client.bad_signature' },
  { name: 'J-04: an RSA key', key: () => WEAK_KEY, reason: 'client.bad_signature' },
  {
    name: 'J-11: a key of its own in the header',
    header: { jwk: OTHER_KEY.publicJwk },
    key: () => OTHER_KEY,
    reason: 'client.bad_signature',
  },
  {
    name: "another client's key",
    key: () => deployment.keys.secondClient,
    reason: 'client.bad_signature',
  },
  ...['JWT2', 'dpop+jwt', 'at+jwt', 'logout+jwt', 'secevent+jwt', ''].map((typ): BadAssertion => ({
    name: `check 21: typ "${typ}"`,
    header: { typ },
    reason: 'client.wrong_kind',
  })),
  ...[undefined, null, 0, [], [[]], {}, ''].map((aud): BadAssertion => ({
    name: `J-58: aud ${JSON.stringify(aud)}`,
    claims: { aud },
    reason: 'client.wrong_audience',
  })),
  { name: 'C-12: valid for ten years', times: { exp: 315_360_000 }, reason: 'client.wrong_time' },
  {
    name: 'check 24: valid for longer than allowed',
    times: { exp: 700 },
    reason: 'client.wrong_time',
  },
  { name: 'J-50: no exp', claims: { exp: undefined }, reason: 'client.wrong_time' },
  { name: 'J-50: exp as text', claims: { exp: '4102444800' }, reason: 'client.wrong_time' },
  { name: 'J-53: expired by a minute', times: { exp: -60 }, reason: 'client.wrong_time' },
  { name: 'check 25: iat 71 s ahead', times: { iat: 71 }, reason: 'client.wrong_time' },
  { name: 'J-54: nbf 71 s ahead', times: { nbf: 71 }, reason: 'client.wrong_time' },
  ...[undefined, '', 7, ['x'], 'x'.repeat(257), 'a\u0000b', ' x'].map((jti): BadAssertion => ({
    name: `J-62: jti ${JSON.stringify(jti)?.slice(0, 12) ?? 'missing'}`,
    claims: { jti },
    reason: 'client.bad_jti',
  })),
];

describe('C-05 to C-27 bad assertions', () => {
  it.each(BAD)('refuses $name', async ({ claims, times = {}, header, key, changes, reason }) => {
    const before = await records.counts();
    const client_assertion = caller.assertion({ ...claims, ...fromNow(times) }, header, key?.());
    const answer = await caller.exchange({ client_assertion, ...changes });
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason });
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect(await records.counts()).toEqual(before);
    expect((await caller.exchange()).status).toBe(200);
  });

  it('C-08 takes as audience the issuer alone', async () => {
    const { issuer } = deployment;
    const statusFor = async (aud: unknown): Promise<number> =>
      (await caller.exchange({ client_assertion: caller.assertion({ aud }) })).status;
    for (const aud of [issuer, [issuer]]) expect([aud, await statusFor(aud)]).toEqual([aud, 200]);
    for (const aud of [
      `${issuer}/token`,
      `${issuer}/introspect`,
      `${issuer}/`,
      issuer.toUpperCase(),
      issuer.slice(0, -1),
      [`${issuer}/token`],
      [issuer, 'https://other.example'],
      [issuer, issuer],
    ]) {
      expect([aud, await statusFor(aud)]).toEqual([aud, 401]);
    }
  });

  it('C-27 answers a stranger and a wrong signature to the byte alike', async () => {
    const stranger = await caller.exchange({
      client_assertion: caller.assertion({ iss: 'nobody', sub: 'nobody' }),
    });
    const forged = await caller.exchange({ client_assertion: caller.assertion({}, {}, OTHER_KEY) });
    expect(stranger.text).toBe(forged.text);
    expect([...stranger.headers.keys()]).toEqual([...forged.headers.keys()]);
  });

  it('takes no resource server for a client', async () => {
    const client_assertion = caller.serverAssertion();
    const answer = await caller.exchange({ client_assertion });
    await expectRefusal(answer, records, {
      answer: '400 unauthorized_client',
      reason: 'client.not_allowed',
    });
  });
});

describe('good assertions', () => {
  it.each<{ name: string; claims?: Claims; times?: Times; header?: Claims }>([
    { name: 'without client_id' },
    { name: 'check 21: without typ', header: { typ: undefined } },
    { name: 'check 21: typ JWT', header: { typ: 'JWT' } },
    { name: 'J-37: typ as a media type', header: { typ: 'application/Client-Authentication+JWT' } },
    { name: 'check 25: iat 8 s ahead', times: { iat: 8 } },
    { name: 'J-54: nbf 8 s ahead', times: { nbf: 8 } },
    { name: 'J-53: expired by two seconds', times: { exp: -2 } },
    { name: 'valid for as long as allowed', times: { exp: 595 } },
    { name: 'K-04: without kid', header: { kid: undefined } },
    { name: 'J-39: unknown header members', header: { note: 'x' } },
    { name: 'unknown claims', claims: { note: { deep: ['x'] } } },
    { name: 'J-34: a claim named __proto__', claims: JSON.parse('{"__proto__":{"admin":true}}') as Claims },
  ])('takes one $name', async ({ claims, times = {}, header }) => {
    const client_assertion = caller.assertion({ ...claims, ...fromNow(times) }, header);
    expect((await caller.exchange({ client_assertion })).status).toBe(200);
  });

  it.each<SigningAlgorithm>(['EdDSA', 'Ed25519'])('J-10 takes an Ed25519 key by the name %s', async (alg) => {
    const kiosk = new Caller(deployment);
    const ofKiosk = (): string =>
      kiosk.assertion({ iss: 'kiosk', sub: 'kiosk' }, { alg }, deployment.keys.secondClient);
    const device = makeSigningKey('EdDSA');
    const asked = await kiosk.post('/token', kiosk.parameters({ client_assertion: ofKiosk() }), {
      DPoP: kiosk.proof({}, { alg }, device),
    });
    expect(asked.body['error']).toBe('use_dpop_nonce');
    const nonce = asked.headers.get('dpop-nonce');
    const { status, body } = await kiosk.post('/token', kiosk.parameters({ client_assertion: ofKiosk() }), {
      DPoP: kiosk.proof({ nonce }, { alg }, device),
    });
    expect([status, body['token_type']]).toEqual([200, 'DPoP']);
  });
});

describe('C-04, C-21 other ways to say who one is', () => {
  const unsigned = (): string => `${caller.assertion().split('.').slice(0, 2).join('.')}.`;

  it.each<{ name: string; changes?: Parameters; headers: Record<string, string>; reason: string }>([
    {
      name: 'a secret in the form',
      changes: { client_secret: 's' },
      headers: {},
      reason: 'client.several_methods',
    },
    {
      name: 'a secret in a header',
      headers: { authorization: basic('desk:s') },
      reason: 'client.several_methods',
    },
  ])('C-04 a forged assertion does not help $name', async ({ changes, headers, reason }) => {
    const answer = await caller.post(
      '/token',
      caller.parameters({ client_assertion: unsigned(), ...changes }),
      { DPoP: caller.proof(), ...headers },
    );
    await expectRefusal(answer, records, { answer: '400 invalid_request', reason });
  });

  it.each([
    'X-SSL-Client-Cert',
    'X-Forwarded-Client-Cert',
    'Client-Cert',
    'X-SSL-Client-S-DN',
    'X-SSL-Client-Verify',
  ])('C-21 takes nobody for what %s says', async (header) => {
    const headers = { DPoP: caller.proof(), [header]: 'CN=desk' };
    const answer = await caller.post('/token', caller.parameters(NO_ASSERTION), headers);
    await expectRefusal(answer, records, { answer: '401 invalid_client', reason: 'client.missing' });
  });
});
