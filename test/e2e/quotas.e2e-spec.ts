import { randomUUID } from 'node:crypto';
import { BEGIN_PER_TURN } from '#http';
import { Caller, type Answer, type Parameters } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { Records } from '../support/deployment/records.ts';
import { makeSigningKey, type SigningKey } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const WITHIN_MS = 60_000;
const PROVIDERS = [{ id: 'corp', audiences: ['desk-app'] }];

/** Hardly anything comes back during a test: what is left is what was there. */
const SCARCE = { requests_per_second: 1, burst: 5 };

const keys = {
  scarce: makeSigningKey(),
  patient: makeSigningKey(),
};

let deployment: Deployment;
let caller: Caller;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  const client = (client_id: string, { publicJwk }: SigningKey, quota: object): object => ({
    client_id,
    jwks: { keys: [publicJwk] },
    identity_providers: PROVIDERS,
    resource_servers: ['orders', 'other'],
    quota,
  });
  deployment = await deploy({
    databaseUrl: url,
    env: { ONCEKEY_SOURCE_FAILURES_PER_SECOND: '1000', ONCEKEY_SOURCE_FAILURE_BURST: '1000' },
    clients: () => [
      client('scarce', keys.scarce, SCARCE),
      client('patient', keys.patient, { requests_per_second: 1, burst: 2 }),
    ],
    servers: { other: { quota: SCARCE } },
  });
  caller = new Caller(deployment);
  records = await Records.open(url);
  await caller.learnNonce();
}, 90_000);
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

const assertionOf = (clientId: string, key: SigningKey): Parameters => ({
  client_assertion: caller.assertion({ iss: clientId, sub: clientId }, {}, key),
});

/** An exchange of a client that needs a nonce of its own, which the answer hands out; either way it counts. */
const exchangeAs = (clientId: string, key: SigningKey): Promise<Answer> =>
  caller.exchange(assertionOf(clientId, key));

function expectTooMany({ status, headers, body }: Answer): void {
  expect(status).toBe(429);
  expect(body).toEqual({ error: 'temporarily_unavailable', error_description: 'too many requests' });
  expect(headers.get('retry-after')).toMatch(/^[1-9][0-9]*$/);
  expect(headers.get('cache-control')).toBe('no-store');
}

/** Sends until the answer is 429, which is answered. */
async function exhaust(send: () => Promise<Answer>): Promise<Answer> {
  let last = await send();
  await eventually(async () => {
    if (last.status !== 429) last = await send();
    return last.status === 429;
  }, WITHIN_MS);
  return last;
}

it('X-34 a client that wants more tokens than its quota hears 429 and when to come back; others are served', async () => {
  expectTooMany(await exhaust(() => exchangeAs('scarce', keys.scarce)));
  expect((await caller.exchange()).status).toBe(200);
  expect((await caller.introspect(await caller.token())).body['active']).toBe(true);
  await eventually(async () => (await exchangeAs('scarce', keys.scarce)).status !== 429, WITHIN_MS);
});

it('a flood of one client writes next to nothing', async () => {
  await exhaust(() => exchangeAs('scarce', keys.scarce));
  const before = Date.now();
  const flood = await Promise.all(Array.from({ length: 200 }, () => exchangeAs('scarce', keys.scarce)));
  const refused = flood.filter(({ status }) => status === 429);
  const onRecord = refused.filter(({ headers }) => headers.get('oncekey-reason-id') !== null);
  const seconds = Math.ceil((Date.now() - before) / 1000);
  expect(refused.length).toBeGreaterThanOrEqual(flood.length - SCARCE.burst - seconds);
  // It is let in again once a second at most, with what begins in the same turn of the broker's event loop.
  expect(onRecord.length).toBeLessThanOrEqual(BEGIN_PER_TURN * (seconds + 1));
});

it('a stranger who says that he is a client cannot use up its quota', async () => {
  const stranger = makeSigningKey();
  const guesses = await Promise.all(Array.from({ length: 50 }, () => exchangeAs('patient', stranger)));
  expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401]));
  const served = await exchangeAs('patient', keys.patient);
  expect([served.status, served.body['error']]).toEqual([400, 'use_dpop_nonce']);
});

describe('a resource server over its quota', () => {
  const asOther = (token: string): Promise<Answer> =>
    caller.introspect(token, {
      client_assertion: caller.serverAssertion('other-api', deployment.keys.otherServer),
      http_method: 'GET',
      http_target_uri: 'https://other.example/things/1',
      content_digest: undefined,
      dpop_proof: caller.apiProof(token, { htm: 'GET', htu: 'https://other.example/things/1' }),
    });
  const tokenForOther = (): Promise<string> =>
    caller.token({
      resource: 'https://other.example/',
      authorization_details: caller.details({
        locations: ['https://other.example/'],
        actions: ['GET'],
        target_uri: 'https://other.example/things/1',
        content_digest: undefined,
      }),
    });

  it('spends nothing with what is refused: the token is good when it has waited', async () => {
    const token = await tokenForOther();
    await exhaust(() => asOther('once_nonsense'));
    expectTooMany(await asOther(token));
    let answer = await asOther(token);
    await eventually(async () => {
      if (answer.status === 429) answer = await asOther(token);
      return answer.status !== 429;
    }, WITHIN_MS);
    expect(answer.body['active']).toBe(true);
    expect((await caller.introspect(await caller.token())).body['active']).toBe(true);
  });

  it('hears the same answer again under its Idempotency-Key, once it is listened to', async () => {
    const token = await caller.token();
    const headers = { 'Idempotency-Key': `"${randomUUID()}"` };
    const proof = { dpop_proof: caller.apiProof(token) };
    const first = await caller.introspect(token, proof, headers);
    await exhaust(() => asOther('once_nonsense'));
    const again = await caller.introspect(token, proof, headers);
    expect([first.body['active'], again.body]).toEqual([true, first.body]);
    expect((await caller.introspect(token, proof)).body['active']).toBe(false);
  });
});
