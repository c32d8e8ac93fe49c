import { Caller, type Answer, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { API, deploy, SELF_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const POLICIES = {
  'not-order-13': `forbid (principal, action == Action::"orders.brief", resource)
when { context.operation.params.id == "13" };`,
  'exact-things': `@target("exact")
permit (principal, action == Action::"other.read", resource == Api::"other");`,
};

let deployment: Deployment;
let records: Records;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url, policies: POLICIES });
  records = await Records.open(url);
  caller = new Caller(deployment);
  await caller.learnNonce();
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

const byScope = (scope: string, changes: Parameters = {}): Parameters => ({
  authorization_details: undefined,
  scope,
  ...changes,
});

interface Shown {
  readonly method?: string;
  readonly uri?: string;
  readonly proof?: Claims;
}

/** Presents a token as if this had been called. */
function present(
  token: string,
  { method = 'GET', uri = `${API}/orders/42`, proof = {} }: Shown = {},
  changes: Parameters = {},
): Promise<Answer> {
  return caller.introspect(token, {
    http_method: method,
    http_target_uri: uri,
    content_digest: undefined,
    dpop_proof: caller.apiProof(token, { htm: method, htu: uri.split('?')[0], ...proof }),
    ...changes,
  });
}

describe('an operation named by scope', () => {
  it('gives a token for the path template, good for one request of that operation', async () => {
    const { status, body } = await caller.exchange(byScope('orders.read'));
    const granted = {
      type: 'http_operation',
      locations: [API],
      actions: ['GET'],
      target_uri: `${API}/orders/{id}`,
      path_template: '/orders/{id}',
    };
    expect([status, body]).toMatchObject([200, { scope: 'orders.read', authorization_details: [granted] }]);
    const token = String(body['access_token']);
    const uri = `${API}/orders/42?expand=lines`;
    const spent = await present(token, { uri });
    expect(spent.body).toMatchObject({ active: true, htm: 'GET', htu: uri, scope: 'orders.read' });
    expect((await present(token, { uri })).body).toEqual({ active: false });
    const [recorded] = await records.rows<{ event: { operation: object } }>(
      `SELECT event FROM audit_event WHERE txn = $1 AND outcome = 'spent'`,
      [spent.body['txn']],
    );
    expect(recorded?.event.operation).toEqual({ ...granted, target_uri: uri });
  });

  it.each<{ name: string; shown: Shown; changes?: Parameters; reason: string }>([
    { name: 'another method', shown: { method: 'POST' }, reason: 'token.wrong_method' },
    { name: 'another operation', shown: { uri: `${API}/orders/42/refund` }, reason: 'token.wrong_uri' },
    { name: 'the template itself', shown: { uri: `${API}/orders/{id}` }, reason: 'token.wrong_uri' },
    { name: 'an empty segment', shown: { uri: `${API}/orders/` }, reason: 'token.wrong_uri' },
    { name: 'dot segments', shown: { uri: `${API}/orders/1/../42` }, reason: 'token.wrong_uri' },
    {
      name: 'an encoded slash that climbs',
      shown: { uri: `${API}/orders/..%2F42` },
      reason: 'token.wrong_uri',
    },
    {
      name: 'another path of the host',
      shown: { uri: 'https://api.example/v2/orders/42' },
      reason: 'token.wrong_uri',
    },
    { name: 'another host', shown: { uri: 'https://other.example/orders/42' }, reason: 'token.wrong_uri' },
    {
      name: 'a proof for another URI than was called',
      shown: { proof: { htu: `${API}/orders/43` } },
      reason: 'token.proof_refused',
    },
    { name: 'no URI', shown: {}, changes: { http_target_uri: undefined }, reason: 'token.binding_missing' },
  ])('is not good for $name', async ({ shown, changes = {}, reason }) => {
    const token = await caller.token(byScope('orders.read'));
    const answer = await present(token, shown, changes);
    expect(answer.text).toBe('{"active":false}');
    expect((await records.eventOf(answer)).reason).toBe(reason);
    expect((await present(token)).body['active']).toBe(true);
  });

  it('has to be told which URI, even by a resource server that checks for itself', async () => {
    const token = await caller.token(byScope('self.refund', { resource: SELF_API }));
    const client_assertion = (): string => caller.serverAssertion('self-api', deployment.keys.selfServer);
    const silent = { http_method: undefined, http_target_uri: undefined, dpop_proof: undefined };
    const uri = `${SELF_API}orders/42/refund`;
    const told = {
      ...silent,
      http_method: 'POST',
      http_target_uri: uri,
      client_assertion: client_assertion(),
    };
    const untold = await present(token, {}, { ...silent, client_assertion: client_assertion() });
    expect((await records.eventOf(untold)).reason).toBe('token.binding_missing');
    expect((await present(token, {}, told)).body).toMatchObject({ active: true, htu: uri });
  });

  it('binds no body, so that a policy may demand one that is', async () => {
    const refused = await caller.exchange(byScope('orders.refund'));
    await expectRefusal(refused, records, {
      answer: '400 invalid_authorization_details',
      reason: 'operation.digest_required',
    });
  });

  it.each([
    { name: 'a policy looks at the parameters', scope: 'orders.brief', resource: API },
    { name: 'a permit demands it', scope: 'other.read', resource: 'https://other.example/' },
  ])('asks for the exact operation where $name', async ({ scope, resource }) => {
    await expectRefusal(await caller.exchange(byScope(scope, { resource })), records, {
      answer: '400 invalid_authorization_details',
      reason: 'operation.exact_required',
    });
  });

  it.each([
    { name: 'X-08: one that the catalog does not have', scope: 'orders.burn' },
    { name: 'X-08: one of another resource', scope: 'other.read' },
    { name: 'X-08: what Google’s library sends', scope: 'https://www.googleapis.com/auth/cloud-platform' },
    { name: 'X-08: two', scope: 'orders.read orders.refund' },
    { name: 'X-08: the same twice', scope: 'orders.read orders.read' },
    { name: 'X-08: 10^4', scope: 'orders.read '.repeat(700).trim() },
    { name: 'X-08: one with a control character', scope: 'orders.read\u0000' },
    { name: 'a group of operations', scope: 'tag:read' },
    { name: 'another spelling', scope: 'Orders.read' },
  ])('is refused when it is $name', async ({ scope }) => {
    await expectRefusal(await caller.exchange(byScope(scope)), records, {
      answer: '400 invalid_scope',
      reason: 'grant.scope_not_accepted',
    });
    expect((await caller.exchange(byScope('orders.read'))).status).toBe(200);
  });

  it('beside authorization_details it has to be the same operation', async () => {
    expect((await caller.exchange({ scope: 'orders.refund' })).body).toMatchObject({
      scope: 'orders.refund',
    });
    await expectRefusal(await caller.exchange({ scope: 'orders.read' }), records, {
      answer: '400 invalid_scope',
      reason: 'grant.scope_not_accepted',
    });
  });

  it('serves the schema of the exact operation at its address', async () => {
    const { $id } = (await (await fetch(`${caller.url}/schemas/http_operation.json`)).json()) as {
      $id: string;
    };
    expect($id).toBe(`${deployment.issuer}/schemas/http_operation.json`);
  });
});
