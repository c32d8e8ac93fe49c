import { randomUUID } from 'node:crypto';
import { useBroker } from '../support/deployment/conforming-broker.ts';
import { makeSigningKey, signJwt } from '../support/deployment/signing-key.ts';
import { TransmitterServer } from '../support/deployment/transmitter-server.ts';
import { eventually } from '../support/eventually.ts';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const INACTIVE = '{"active":false}';

/** A poll may have to wait for another, and for a token. */
const PATIENCE_MS = 60_000;
jest.setTimeout(PATIENCE_MS + 30_000);

/** RFC 8936 and the Shared Signals Framework: what the broker fetches from a transmitter that does not push. */
let transmitter: TransmitterServer;
const broker = useBroker(async () => {
  transmitter = await TransmitterServer.start();
  return { events: { poll: transmitter.registration() } };
});
beforeAll(() => {
  transmitter.brokerUrl = broker.deployment.issuer;
});
afterAll(() => transmitter.stop());

type Claims = Readonly<Record<string, unknown>>;

const someone = (): string => `user-${randomUUID()}`;

/** A token of the transmitter, and its name. */
function eventOf(
  sub: string,
  changes: Claims = {},
  header: Claims = {},
  key = broker.deployment.issuerServer.key,
) {
  const { url: iss } = broker.deployment.issuerServer;
  const jti = randomUUID();
  const claims = {
    iss,
    aud: broker.deployment.issuer,
    jti,
    iat: Math.floor(Date.now() / 1000),
    sub_id: { format: 'iss_sub', iss, sub },
    events: { [SESSION_REVOKED]: {} },
    ...changes,
  };
  return { jti, token: signJwt({ typ: 'secevent+jwt', kid: key.kid, ...header }, claims, key) };
}

const until = (question: () => boolean): Promise<number> => eventually(question, PATIENCE_MS);
const isAcknowledged = (jti: string) => (): boolean => transmitter.acknowledged.includes(jti);
const tokenOf = (sub: string): Promise<string> =>
  broker.caller.token({ subject_token: broker.deployment.issuerServer.idToken({ sub }) });

describe('polling', () => {
  it('RFC 8936 §2.2: asks for a bounded number of events, and lets the transmitter wait for one', async () => {
    await until(() => transmitter.polls.length > 0);
    const [first] = transmitter.polls;
    expect(first).toMatchObject({ maxEvents: 25, returnImmediately: false });
    expect(first).not.toHaveProperty('ack');
    expect(first).not.toHaveProperty('setErrs');
  });

  it('RFC 7523 §2.2: knows itself by its published keys, and by no secret', async () => {
    await until(() => transmitter.tokenRequests.length > 0);
    const form = transmitter.tokenRequests[0];
    expect(form?.get('grant_type')).toBe('client_credentials');
    expect(form?.has('client_secret')).toBe(false);
  });

  it('RFC 8936 §2.2: fetches more than one answer holds', async () => {
    const events = Array.from({ length: 60 }, () => eventOf(someone()));
    for (const { jti, token } of events) transmitter.put(jti, token);
    await until(() => events.every(({ jti }) => isAcknowledged(jti)()));
  });
});

describe('acknowledging', () => {
  it('RFC 8936 §2.4: acknowledges an event when it holds: what was issued before is dead by then', async () => {
    const [sub, other] = [someone(), someone()];
    const [token, spared] = [await tokenOf(sub), await tokenOf(other)];
    const { jti, token: event } = eventOf(sub);
    transmitter.put(jti, event);
    await until(isAcknowledged(jti));
    expect((await broker.caller.introspect(token)).text).toBe(INACTIVE);
    expect((await broker.caller.introspect(spared)).body).toMatchObject({ active: true });
  });

  it('RFC 8936 §2.4: acknowledges a repeat again, which has no second effect', async () => {
    const { jti, token } = eventOf(someone());
    transmitter.put(jti, token);
    await until(isAcknowledged(jti));
    transmitter.put(jti, token);
    await until(() => transmitter.acknowledged.filter((one) => one === jti).length === 2);
    const kept = await broker.records.rows('SELECT FROM security_event WHERE jti = $1', [jti]);
    expect(kept).toHaveLength(1);
  });
});

describe('errors', () => {
  it.each<{ name: string; make: () => unknown; err: string }>([
    { name: 'no token', make: () => 'x', err: 'invalid_request' },
    { name: 'no text', make: () => ({}), err: 'invalid_request' },
    { name: 'a token of another name', make: () => eventOf('ada').token, err: 'invalid_request' },
    { name: 'a key of a stranger', make: () => null, err: 'invalid_key' },
  ])('RFC 8936 §2.6: refuses $name: $err', async ({ make, err }) => {
    const { key } = broker.deployment.issuerServer;
    const forged = eventOf('ada', {}, { kid: key.kid }, makeSigningKey());
    transmitter.put(forged.jti, make() ?? forged.token);
    await until(() => transmitter.refused.has(forged.jti));
    expect(transmitter.refused.get(forged.jti)).toEqual({ err, description: expect.any(String) });
    expect(transmitter.acknowledged).not.toContain(forged.jti);
  });

  it.each<{ name: string; changes: Claims; err: string }>([
    { name: 'another audience', changes: { aud: 'https://other.example' }, err: 'invalid_audience' },
    { name: 'another issuer', changes: { iss: 'https://other.example' }, err: 'invalid_issuer' },
    { name: 'SSF §4.1: an exp', changes: { exp: 2_000_000_000 }, err: 'invalid_request' },
    {
      name: 'a user of another issuer',
      changes: { sub_id: { format: 'iss_sub', iss: 'https://other.example', sub: 'ada' } },
      err: 'access_denied',
    },
  ])('RFC 8936 §2.6: refuses $name: $err', async ({ changes, err }) => {
    const { jti, token } = eventOf(someone(), changes);
    transmitter.put(jti, token);
    await until(() => transmitter.refused.has(jti));
    expect(transmitter.refused.get(jti)?.err).toBe(err);
    const good = eventOf(someone());
    transmitter.put(good.jti, good.token);
    await until(isAcknowledged(good.jti));
  });
});

describe('a transmitter that cannot answer', () => {
  it('RFC 9110 §10.2.3: is left alone for as long as it wants, and asked again', async () => {
    transmitter.failure = { status: 503, headers: { 'retry-after': '2' } };
    transmitter.put('wake', 'x');
    const before = transmitter.polls.length;
    await until(() => transmitter.polls.length > before + 1);
    const [failed, next] = transmitter.polls.slice(-2);
    transmitter.failure = null;
    expect((next?.at ?? 0) - (failed?.at ?? 0)).toBeGreaterThanOrEqual(1_950);
    const { jti, token } = eventOf(someone());
    transmitter.put(jti, token);
    await until(isAcknowledged(jti));
    const [state] = await broker.records.rows<{ failure: string; failures: number }>(
      'SELECT failure, failures FROM event_poll',
    );
    expect(state).toMatchObject({ failure: 'the poll endpoint: bad_status: status 503' });
  });

  it('RFC 9110 §10.2.3: earns a new token when the transmitter does not know the one that it has', async () => {
    const before = transmitter.tokenRequests.length;
    transmitter.forgetTokens();
    const { jti, token } = eventOf(someone());
    transmitter.put(jti, token);
    await until(isAcknowledged(jti));
    await until(() => transmitter.tokenRequests.length > before);
  });
});
