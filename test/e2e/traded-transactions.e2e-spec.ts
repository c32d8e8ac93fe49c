import { decodeJwt } from 'jose';
import { Caller, ID_TOKEN, type Parameters } from '../support/deployment/caller.ts';
import {
  askTransactionToken,
  CALL_CHAIN_POLICY,
  CallChain,
  thing,
} from '../support/deployment/call-chain.ts';
import { API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let chain: CallChain;
let deployment: Deployment;
let caller: Caller;
let fulfilment: Caller;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  chain = await CallChain.start(url);
  ({ deployment, caller, service: fulfilment } = chain);
  records = await Records.open(url);
}, 120_000);
afterEach(async () => {
  await expectServed(caller);
  expect((await fulfilment.exchange({ subject_token: await chain.transactionToken() })).status).toBe(200);
});
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
});

it('a service trades it for a token of one use: same user, same transaction, and it acts itself', async () => {
  const subject_token = deployment.issuerServer.idToken({ acr: 'phr' });
  const acting = {
    subject_token,
    actor_token: deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents' }),
    actor_token_type: ID_TOKEN,
  };
  const traded = await chain.transactionToken(acting, {
    request_details: '{"amount":5}',
    request_context: '{"a":1}',
  });
  const before = decodeJwt(traded);
  const { status, body } = await fulfilment.exchange({ subject_token: traded });
  expect([status, body['token_type'], body['txn']]).toEqual([200, 'DPoP', before['txn']]);
  const token = String(body['access_token']);
  const spent = (await chain.introspectThing(token)).body;
  expect(spent).toMatchObject({
    active: true,
    sub: 'ada',
    client_id: 'fulfilment',
    txn: before['txn'],
    acr: 'phr',
    cnf: { jkt: fulfilment.device.thumbprint },
    act: {
      iss: deployment.issuer,
      sub: 'fulfilment',
      act: { iss: deployment.issuerServer.url, sub: 'agent-7' },
    },
  });
  expect(spent['exp']).toBeLessThanOrEqual(Number(before['exp']));
  expect((await chain.introspectThing(token)).text).toBe('{"active":false}');

  const onwards = (): Parameters => ({
    client_assertion: chain.otherAssertion(),
    scope: 'other.read',
  });
  const wider = await askTransactionToken(caller, token, { ...onwards(), request_details: '{"amount":6}' });
  await expectRefusal(wider, records, { answer: '400 invalid_request', reason: 'txn.widened' });
  const next = await askTransactionToken(caller, token, onwards());
  const after = decodeJwt(String(next.body['access_token']));
  expect(after).toMatchObject({
    txn: before['txn'],
    sub: before.sub,
    req_wl: 'orders-api,fulfilment,other-api',
    rctx: before['rctx'],
    tctx: { details: { amount: 5 }, authorization_details: spent['authorization_details'] },
  });
  expect(after.exp).toBeLessThanOrEqual(Number(before.exp));
});

it('policies see who asked before, and on account of what', async () => {
  const { body } = await fulfilment.exchange({ subject_token: await chain.transactionToken() });
  const [event] = await records.rows<{ event: { question: { context: object; principal: object } } }>(
    `SELECT event FROM audit_event WHERE txn = $1 AND type = 'token.exchange' AND event->>'callerId' = 'fulfilment'`,
    [body['txn']],
  );
  expect(event?.event.question).toMatchObject({
    principal: { issuer: deployment.issuerServer.url, subject: 'ada', groups: [], email: null },
    context: {
      actor: { issuer: deployment.issuer, subject: 'fulfilment', depth: 1 },
      transaction: { operation: 'orders.refund', workloads: ['orders-api'], depth: 1 },
    },
  });
});

it.each<[string, () => Parameters]>([
  [
    'an operation that a policy permits to everybody who signs in',
    () => ({
      resource: API,
      authorization_details: caller.details({
        actions: ['GET'],
        target_uri: `${API}/orders/42`,
        content_digest: undefined,
      }),
    }),
  ],
  [
    'what the user is permitted in person, by a group',
    () => ({ resource: API, authorization_details: caller.details() }),
  ],
])('X-08, check 69: it does not reach %s', async (_, changes) => {
  const subject_token = await chain.transactionToken();
  await expectRefusal(await fulfilment.exchange({ subject_token, ...changes() }), records, {
    answer: '400 invalid_authorization_details',
    reason: 'policy.denied',
  });
  const signedIn = { subject_token: deployment.issuerServer.idToken(), subject_token_type: ID_TOKEN };
  expect((await fulfilment.exchange({ ...signedIn, ...changes() })).status).toBe(200);
});

it('X-08: a transaction of another operation does not reach it either', async () => {
  const subject_token = await chain.briefTransactionToken();
  const answer = await fulfilment.exchange({ subject_token });
  expect(['invalid_authorization_details', 'invalid_request']).toContain(answer.body['error']);
});

it('a sign-in does not reach what is permitted on account of a transaction', async () => {
  const subject_token = deployment.issuerServer.idToken({ groups: [] });
  const authorization_details = thing();
  await deployment.seed({
    'refund-looks': CALL_CHAIN_POLICY,
    'everybody-reads': `permit (principal, action in Action::"tag:read", resource == Api::"orders");`,
  });
  const answers = async (): Promise<number> => {
    const changes = { subject_token, subject_token_type: ID_TOKEN, authorization_details };
    return (await fulfilment.exchange(changes)).status;
  };
  await eventually(async () => (await answers()) === 400, 20_000);
  await deployment.seed({ 'refund-looks': CALL_CHAIN_POLICY });
  await eventually(async () => (await answers()) === 200, 20_000);
});
