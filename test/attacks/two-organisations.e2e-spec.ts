import { Caller, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { deploy, OTHER_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { IssuerServer } from '../support/deployment/issuer-server.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey, type SigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** `corp` owns the orders API, `umbrella` the other one; both sign in their users for `desk-app`, and both have an ada. */
let deployment: Deployment;
let umbrella: IssuerServer;
let records: Records;
let front: Caller;
let bureau: Caller;
const BUREAU_KEY = makeSigningKey();
const FRONT_KEY = makeSigningKey();

class ClientOf extends Caller {
  constructor(
    of: Deployment,
    private readonly clientId: string,
    private readonly key: SigningKey,
    /** What an exchange of its own says. */
    private readonly usual: () => Parameters,
  ) {
    super(of);
  }

  override assertion(claims: Claims = {}, header: Claims = {}, key = this.key): string {
    return super.assertion({ iss: this.clientId, sub: this.clientId, ...claims }, header, key);
  }

  override parameters(changes: Parameters = {}): Parameters {
    return super.parameters({ ...this.usual(), ...changes });
  }

  override serverAssertion(clientId = 'orders-api', key = this.deployment.keys.server): string {
    return super.assertion({ iss: clientId, sub: clientId }, {}, key);
  }
}

const thing = (): Parameters => ({
  resource: OTHER_API,
  authorization_details: JSON.stringify([
    {
      type: 'http_operation',
      locations: [OTHER_API],
      actions: ['GET'],
      target_uri: `${OTHER_API}things/1`,
    },
  ]),
});

beforeAll(async () => {
  const { url } = await freshDatabase();
  umbrella = await IssuerServer.start();
  deployment = await deploy({
    databaseUrl: url,
    providers: [{ id: 'umbrella', issuer: umbrella.url, groups_claim: 'groups', groups_prefix: 'umbrella:' }],
    clients: () => [
      {
        client_id: 'bureau',
        jwks: { keys: [BUREAU_KEY.publicJwk] },
        identity_providers: [{ id: 'umbrella', audiences: ['desk-app'] }],
        resource_servers: ['other'],
      },
      {
        client_id: 'front',
        jwks: { keys: [FRONT_KEY.publicJwk] },
        identity_providers: ['corp', 'umbrella'].map((id) => ({ id, audiences: ['desk-app'] })),
        resource_servers: ['orders'],
      },
    ],
  });
  records = await Records.open(url);
  front = new ClientOf(deployment, 'front', FRONT_KEY, () => ({}));
  bureau = new ClientOf(deployment, 'bureau', BUREAU_KEY, () => ({
    ...thing(),
    subject_token: umbrella.idToken(),
  }));
  await front.learnNonce();
  await bureau.learnNonce();
}, 90_000);
afterEach(async () => {
  await expectServed(front);
  expect((await bureau.exchange()).status).toBe(200);
});
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
  await umbrella?.stop();
});

describe('B-02 a user of one organisation', () => {
  it.each<{ name: string; by: () => Caller; changes: () => Parameters; answer: string; reason: string }>([
    {
      name: 'does not reach the API of another by the client of their own',
      by: () => front,
      changes: () => thing(),
      answer: '400 invalid_target',
      reason: 'resource.unknown',
    },
    {
      name: 'does not reach it by the client of the other either',
      by: () => bureau,
      changes: () => ({ subject_token: deployment.issuerServer.idToken() }),
      answer: '400 unauthorized_client',
      reason: 'client.not_allowed',
    },
    {
      name: 'has none of the groups of the other, though they are called the same, at a client of both',
      by: () => front,
      changes: () => ({ subject_token: umbrella.idToken() }),
      answer: '400 invalid_authorization_details',
      reason: 'policy.denied',
    },
    {
      name: 'has none of them by calling their own as the other writes them',
      by: () => front,
      changes: () => ({ subject_token: umbrella.idToken({ groups: ['corp:support', 'umbrella:support'] }) }),
      answer: '400 invalid_authorization_details',
      reason: 'policy.denied',
    },
    {
      name: 'cannot be signed in by the provider of the other',
      by: () => front,
      changes: () => ({ subject_token: umbrella.idToken({ iss: deployment.issuerServer.url }) }),
      answer: '400 invalid_request',
      reason: 'subject.bad_signature',
    },
  ])('$name', async ({ by, changes, answer, reason }) => {
    await expectRefusal(await by().exchange(changes()), records, { answer, reason });
  });
});
