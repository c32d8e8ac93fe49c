import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { Caller, ID_TOKEN, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { askTransactionToken, CallChain, thing, TXN_TOKEN } from '../support/deployment/call-chain.ts';
import { deploy, OTHER_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { eventClaims, pushEvent, signEvent } from '../support/deployment/security-event.ts';
import { makeSigningKey, signJwt } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let chain: CallChain;
let deployment: Deployment;
let caller: Caller;
let fulfilment: Caller;
let records: Records;
let stranger: Deployment;

beforeAll(async () => {
  const { url } = await freshDatabase();
  chain = await CallChain.start(url);
  ({ deployment, caller, service: fulfilment } = chain);
  records = await Records.open(url);
  stranger = await deploy({ databaseUrl: (await freshDatabase()).url });
}, 120_000);
afterEach(async () => {
  await expectServed(caller);
  expect((await fulfilment.exchange({ subject_token: await chain.transactionToken() })).status).toBe(200);
});
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
  await stranger?.stop();
});

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';

/** Of a broker that is not ours. */
async function strangersToken(): Promise<string> {
  const theirs = new Caller(stranger);
  const token = await theirs.token();
  await theirs.introspect(token);
  const { status, body } = await askTransactionToken(theirs, token);
  expect(status).toBe(200);
  return String(body['access_token']);
}

interface Bad {
  readonly name: string;
  readonly present: () => Promise<Parameters>;
  readonly answer?: string;
  readonly reason: string;
}

const forged = async (claims: Claims, header: Claims = {}, key = makeSigningKey()): Promise<Parameters> => {
  const good = decodeJwt(await chain.transactionToken());
  return { subject_token: signJwt({ typ: 'txntoken+jwt', ...header }, { ...good, ...claims }, key) };
};

it.each<Bad>([
  { name: 'signed by another key', present: () => forged({}), reason: 'txn.unknown_token' },
  {
    name: 'signed by an identity provider, with its kid',
    present: () => forged({}, { kid: deployment.issuerServer.key.kid }, deployment.issuerServer.key),
    reason: 'txn.unknown_token',
  },
  {
    name: 'B-05: of another broker',
    present: async () => ({
      subject_token: await strangersToken(),
    }),
    reason: 'txn.unknown_token',
  },
  {
    name: 'B-05: with another sub under the old signature',
    present: async () => {
      const good = await chain.transactionToken();
      const [header, , signature] = good.split('.');
      const claims = { ...decodeJwt(good), sub: `${deployment.issuerServer.url}|eve` };
      const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
      return { subject_token: `${header}.${payload}.${signature}` };
    },
    reason: 'txn.unknown_token',
  },
  {
    name: 'J-18: that is an ID token',
    present: async () => ({ subject_token: deployment.issuerServer.idToken() }),
    reason: 'txn.unknown_token',
  },
  {
    name: 'J-18: sent as an ID token',
    present: async () => ({ subject_token: await chain.transactionToken(), subject_token_type: ID_TOKEN }),
    reason: 'subject.wrong_kind',
  },
  {
    name: 'J-18: sent as an SVID',
    present: async () => ({ subject_token: await chain.transactionToken(), subject_token_type: JWT }),
    reason: 'subject.wrong_kind',
  },
  {
    name: 'X-19: that is the token of one use itself',
    present: async () => ({ subject_token: await caller.token(), subject_token_type: ACCESS_TOKEN }),
    reason: 'grant.unsupported_token_type',
  },
  {
    name: 'X-12: with an actor beside it',
    present: async () => ({
      subject_token: await chain.transactionToken(),
      actor_token: deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents' }),
      actor_token_type: ID_TOKEN,
    }),
    reason: 'actor.not_allowed',
  },
  {
    name: 'X-14: of four who act for one another already',
    present: async () => {
      const iss = deployment.issuerServer.url;
      const act = { iss, sub: 'one', act: { iss, sub: 'two', act: { iss, sub: 'three' } } };
      return {
        subject_token: await chain.transactionToken({
          subject_token: deployment.issuerServer.idToken({ act }),
          actor_token: deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents' }),
          actor_token_type: ID_TOKEN,
        }),
      };
    },
    reason: 'actor.bad_chain',
  },
  {
    name: 'B-05: that eight workloads have asked for',
    present: async () => {
      let token = await chain.transactionToken();
      for (let asked = 1; asked < 8; asked++) {
        const { body } = await askTransactionToken(caller, token, { subject_token_type: TXN_TOKEN });
        token = String(body['access_token']);
      }
      return { subject_token: token };
    },
    reason: 'txn.chain_too_long',
  },
  {
    name: 'for an API that is not the client’s',
    present: async () => ({
      subject_token: await chain.transactionToken(),
      resource: 'https://self.example/',
      authorization_details: undefined,
    }),
    answer: '400 invalid_target',
    reason: 'resource.unknown',
  },
])('refuses a transaction token $name', async ({ present, answer = '400 invalid_request', reason }) => {
  await expectRefusal(await fulfilment.exchange(await present()), records, { answer, reason });
});

it('D6: a proof of a key has to come with it, at an API of bearer tokens either', async () => {
  const subject_token = await chain.transactionToken();
  for (const resource of [OTHER_API, 'https://plain.example/']) {
    await expectRefusal(await fulfilment.exchange({ subject_token, resource }, null), records, {
      answer: '400 invalid_dpop_proof',
      reason: 'device.proof_missing',
    });
  }
});

it('X-09: a client that is not registered to trade any is refused, a good one or not', async () => {
  for (const subject_token of [await chain.transactionToken(), 'x']) {
    const answer = await caller.exchange({
      subject_token,
      subject_token_type: TXN_TOKEN,
      resource: OTHER_API,
      authorization_details: thing(),
    });
    await expectRefusal(answer, records, { answer: '400 unauthorized_client', reason: 'client.not_allowed' });
  }
});

it('is refused once it is over', async () => {
  const subject_token = await chain.briefTransactionToken();
  const over = Number(decodeJwt(subject_token).exp) * 1000;
  await eventually(() => Date.now() > over, 20_000);
  await expectRefusal(await fulfilment.exchange({ subject_token }), records, {
    answer: '400 invalid_request',
    reason: 'txn.unknown_token',
  });
});

it('X-17: nothing is given out for a user who was revoked since, and what was given out is dead', async () => {
  const sub = `user-${randomUUID()}`;
  const subject_token = await chain.transactionToken({
    subject_token: deployment.issuerServer.idToken({ sub }),
  });
  const token = String((await fulfilment.exchange({ subject_token })).body['access_token']);
  const subjectId = { format: 'iss_sub', iss: deployment.issuerServer.url, sub };
  const pushed = await pushEvent(caller, signEvent(caller, eventClaims(caller, subjectId)));
  expect(pushed.status).toBe(202);
  await expectRefusal(await fulfilment.exchange({ subject_token }), records, {
    answer: '400 invalid_request',
    reason: 'subject.revoked',
  });
  expect((await chain.introspectThing(token)).text).toBe('{"active":false}');
});
