import { randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { makeSigningKey, signJwt } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { APPLICATION, makeProviderKey, RealProvider } from '../support/real-provider.ts';

/** An unknown `kid` makes a broker look again once in 30 s. */
const COOL_DOWN_CAP_MS = 90_000;
const STORM = 60;

let deployment: Deployment;
let provider: RealProvider;
let desk: Caller;
const ROTATION_KEY = makeSigningKey();
const a = makeProviderKey('key-a');
const b = makeProviderKey('key-b');

/** The desk, for users of the real provider. */
class RotationCaller extends Caller {
  override assertion(claims = {}, header = {}, key = ROTATION_KEY): string {
    return super.assertion({ iss: 'rotation', sub: 'rotation', ...claims }, header, key);
  }

  override serverAssertion(): string {
    const { server } = this.deployment.keys;
    return super.assertion({ iss: 'orders-api', sub: 'orders-api' }, {}, server);
  }
}

beforeAll(async () => {
  provider = new RealProvider(await freePort());
  await provider.publish([a]);
  const { url } = await freshDatabase();
  deployment = await deploy({
    databaseUrl: url,
    providers: [{ id: 'real', issuer: provider.issuer, groups_claim: 'groups', groups_prefix: 'real:' }],
    policies: {
      'real-support-refunds': `permit (principal in Group::"real:support", action == Action::"orders.refund", resource == Api::"orders");`,
    },
    clients: () => [
      {
        client_id: 'rotation',
        identity_providers: [
          { id: 'real', audiences: [APPLICATION] },
          { id: 'corp', audiences: ['desk-app'] },
        ],
        resource_servers: ['orders'],
        jwks: { keys: [ROTATION_KEY.publicJwk] },
      },
    ],
  });
  desk = new RotationCaller(deployment);
  await desk.learnNonce();
}, 90_000);
afterEach(() => expectServed(new Caller(deployment)));
afterAll(async () => {
  await deployment?.stop();
  await provider?.stop();
});

const exchange = (subject_token: string): Promise<Answer> => desk.exchange({ subject_token });

/** As the provider's, but by a key that it never had. */
function madeUp(honest: string): string {
  const header = { ...decodeProtectedHeader(honest), kid: randomUUID() };
  return signJwt(header, decodeJwt(honest), makeSigningKey());
}

it('R6, K-01, K-02: a real oidc-provider rotates its keys, and nobody has to wait for it nor can storm it', async () => {
  const byA = await provider.signIn('ada');
  expect(decodeProtectedHeader(byA).kid).toBe('key-a');
  expect((await exchange(byA)).status).toBe(200);
  expect(provider.keyRequests).toBe(1);

  await provider.publish([b, a]);
  const byB = await provider.signIn('ada');
  expect(decodeProtectedHeader(byB).kid).toBe('key-b');
  expect((await exchange(byB)).status).toBe(200);
  expect((await exchange(byA)).status).toBe(200);
  expect(provider.keyRequests).toBe(2);

  const storm = await Promise.all(Array.from({ length: STORM }, () => exchange(madeUp(byA))));
  expect(storm.map(({ body }) => body['error'])).toEqual(Array(STORM).fill('invalid_request'));
  expect(provider.keyRequests).toBeLessThanOrEqual(3);
  expect((await exchange(byB)).status).toBe(200);

  await provider.publish([b]);
  const before = provider.keyRequests;
  await eventually(async () => {
    expect((await exchange(madeUp(byB))).body['error']).toBe('invalid_request');
    return (await exchange(byA)).status === 400;
  }, COOL_DOWN_CAP_MS);
  const refused = await exchange(byA);
  expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_request']);
  expect((await exchange(byB)).status).toBe(200);
  expect(provider.keyRequests - before).toBeLessThanOrEqual(2);
}, 240_000);
