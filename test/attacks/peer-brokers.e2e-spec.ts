import { decodeJwt } from 'jose';
import { granted } from '../support/deployment/assertion-grant.ts';
import { askTransactionToken, TXN_TOKEN } from '../support/deployment/call-chain.ts';
import { Caller, ID_TOKEN, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { makeSigningKey, signJwt } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const gatewayKey = makeSigningKey();
const PEER_APP = 'peer-app';

/** Another broker, which somebody has registered as an identity provider, for one client. */
let peer: Deployment;
let theirs: Caller;
let deployment: Deployment;
let records: Records;
let caller: GatewayCaller;

class GatewayCaller extends Caller {
  override assertion(claims: Claims = {}, header: Claims = {}, key = gatewayKey): string {
    return super.assertion({ iss: 'gateway', sub: 'gateway', ...claims }, header, key);
  }
}

beforeAll(async () => {
  peer = await deploy({ databaseUrl: (await freshDatabase()).url });
  theirs = new Caller(peer);
  const { url } = await freshDatabase();
  deployment = await deploy({
    databaseUrl: url,
    providers: [{ id: 'peer', issuer: peer.issuer }],
    clients: () => [
      {
        client_id: 'gateway',
        jwks: { keys: [gatewayKey.publicJwk] },
        identity_providers: [
          { id: 'corp', audiences: ['desk-app', PEER_APP] },
          { id: 'peer', audiences: [peer.issuer, PEER_APP] },
        ],
        resource_servers: ['orders'],
        transaction_tokens: true,
      },
    ],
  });
  records = await Records.open(url);
  caller = new GatewayCaller(deployment);
}, 180_000);
afterEach(async () => {
  await expectServed(new Caller(deployment));
  expect((await caller.exchange()).status).toBe(200);
});
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
  await peer?.stop();
});

/** What the peer gives to an API that has spent one of its tokens. */
async function transactionToken(): Promise<string> {
  const token = await theirs.token();
  await theirs.introspect(token);
  const { status, body } = await askTransactionToken(theirs, token);
  expect(status).toBe(200);
  return String(body['access_token']);
}

async function signedAnswer(): Promise<string> {
  const accept = 'application/token-introspection+jwt';
  const { text } = await theirs.introspectText(await theirs.token(), {}, { accept });
  return text;
}

const TOKENS: readonly (readonly [string, () => Promise<string>])[] = [
  ['token of one use', () => theirs.token()],
  ['transaction token', transactionToken],
  ['signed answer', signedAnswer],
];

const SLOTS: readonly (readonly [string, (token: string) => Parameters])[] = [
  ['subject', (token) => ({ subject_token: token })],
  ['actor', (token) => ({ actor_token: token, actor_token_type: ID_TOKEN })],
  ['identity assertion', (token) => granted(caller, {}, { assertion: token })],
  ['transaction', (token) => ({ subject_token: token, subject_token_type: TXN_TOKEN })],
];

const CASES = TOKENS.flatMap(([kind, make]) => SLOTS.map(([slot, put]) => ({ kind, make, slot, put })));

it.each(CASES)('B-05: a $kind of a broker that is registered here is no $slot', async ({ make, put }) => {
  const answer = await caller.exchange(put(await make()));
  expect(`${answer.status} ${String(answer.body['error'])}`).toMatch(/^400 invalid_(?:request|grant)$/);
  expect(await records.eventOf(answer)).toMatchObject({ type: 'token.exchange', outcome: 'refused' });
});

it.each(['txntoken+jwt', 'token-introspection+jwt'])(
  'B-05: what says of itself that it is %s is no sign-in, though a provider that is believed has signed it',
  async (typ) => {
    const { issuerServer } = deployment;
    const claims = decodeJwt(issuerServer.idToken({ aud: PEER_APP }));
    const token = (header: object): string =>
      signJwt({ kid: issuerServer.key.kid, ...header }, claims, issuerServer.key);
    const answer = await caller.exchange({ subject_token: token({ typ }) });
    expect(`${answer.status} ${String(answer.body['error'])}`).toBe('400 invalid_request');
    expect(await records.eventOf(answer)).toMatchObject({ reason: 'subject.wrong_kind' });
    expect((await caller.exchange({ subject_token: token({}) })).status).toBe(200);
  },
);
