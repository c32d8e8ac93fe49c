import { askTransactionToken } from '../support/deployment/call-chain.ts';
import { Caller, JWT_BEARER, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/**
 * Two brokers of two owners, who gave everything the same name: issuer, clients, APIs, provider, policies, users. Even
 * the key-encryption key is the same; nothing but the databases, and the keys of the callers, tell them apart.
 */
let ours: Deployment;
let theirs: Deployment;
let records: Records;
let ourCaller: Caller;
let theirCaller: Caller;

beforeAll(async () => {
  const [here, there] = await Promise.all([freshDatabase(), freshDatabase()]);
  ours = await deploy({ databaseUrl: here.url });
  const { ONCEKEY_ISSUER = '', ONCEKEY_KEK = '' } = ours.env;
  const named = await deploy({ databaseUrl: there.url, env: { ONCEKEY_ISSUER, ONCEKEY_KEK } });
  theirs = { ...named, issuer: ours.issuer };
  records = await Records.open(there.url);
  ourCaller = new Caller(ours);
  theirCaller = new Caller(theirs);
  await Promise.all([ourCaller.learnNonce(), theirCaller.learnNonce()]);
}, 120_000);
afterEach(() => Promise.all([expectServed(ourCaller), expectServed(theirCaller)]));
afterAll(async () => {
  await records?.close();
  await ours?.stop();
  await theirs?.stop();
});

describe('B-01 with one of the other owner’s credentials', () => {
  it.each<{ name: string; send: () => Promise<Answer>; answer: string; reason: string }>([
    {
      name: 'the client does not exchange',
      send: () => theirCaller.exchange({ client_assertion: ourCaller.assertion() }),
      answer: '401 invalid_client',
      reason: 'client.bad_signature',
    },
    {
      name: 'a user is not known',
      send: () => theirCaller.exchange({ subject_token: ours.issuerServer.idToken() }),
      answer: '400 invalid_request',
      reason: 'subject.unknown_issuer',
    },
    {
      name: 'an API introspects nothing',
      send: async () =>
        theirCaller.introspect(await theirCaller.token(), { client_assertion: ourCaller.serverAssertion() }),
      answer: '401 invalid_client',
      reason: 'client.bad_signature',
    },
    {
      name: 'an API gets no transaction token',
      send: async () =>
        askTransactionToken(theirCaller, await theirCaller.token(), {
          client_assertion: ourCaller.serverAssertion(),
        }),
      answer: '401 invalid_client',
      reason: 'client.bad_signature',
    },
  ])('$name', async ({ send, answer, reason }) => {
    await expectRefusal(await send(), records, { answer, reason });
  });

  it('a nonce is none', async () => {
    const answer = await theirCaller.exchange({}, ourCaller.proof());
    expect([answer.status, answer.body['error']]).toEqual([400, 'use_dpop_nonce']);
  });
});

describe('B-03 with a token of the other owner', () => {
  it('nothing can be done, and it stays as good as it was', async () => {
    const token = await ourCaller.token();
    const presented = await theirCaller.introspect(token, { dpop_proof: ourCaller.apiProof(token) });
    expect([presented.status, presented.text]).toEqual([200, '{"active":false}']);
    const revoked = await theirCaller.post('/revoke', {
      token,
      client_assertion_type: JWT_BEARER,
      client_assertion: theirCaller.assertion(),
    });
    expect(revoked.status).toBe(200);
    expect((await ourCaller.introspect(token)).body).toMatchObject({ active: true, sub: 'ada' });
  });
});

it('B-05 the tokens of a broker that nobody here trusts are no sign-in', async () => {
  const spent = await ourCaller.token();
  await ourCaller.introspect(spent);
  const { body } = await askTransactionToken(ourCaller, spent);
  for (const subject_token of [String(body['access_token']), await ourCaller.token()]) {
    const answer = await theirCaller.exchange({ subject_token });
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
  }
});
