import { randomUUID } from 'node:crypto';
import { Caller, type Answer, type Parameters } from '../support/deployment/caller.ts';
import { API, deploy, OTHER_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { seedFiles } from '../support/deployment/seed-files.ts';
import type { SigningKey } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const INACTIVE = '{"active":false}';
let deployment: Deployment;
let caller: Caller;
let records: Records;

const server = (id: string, resource: string, key: SigningKey, introspection = {}): object => ({
  id,
  client_id: `${id}-api`,
  resource,
  jwks: { keys: [key.publicJwk] },
  introspection,
});

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
  records = await Records.open(url);
  const { keys } = deployment;
  const servers = [
    server('orders', API, keys.server, { peek: true }),
    server('other', OTHER_API, keys.otherServer, { peek: true }),
  ];
  await seedFiles({ 'resource-servers.yaml': JSON.stringify(servers) }, deployment.env);
  await eventually(async () => (await peek('x')).status === 200, 5_000);
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

const peek = (token: string, changes: Parameters = {}, headers = {}): Promise<Answer> =>
  caller.introspect(token, { peek: 'true', ...changes }, headers);

it('tells what is known of a token, is never active, and spends nothing however often it is asked', async () => {
  const token = await caller.token();
  for (let turn = 0; turn < 5; turn++) {
    const { status, body, headers } = await peek(token);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      active: false,
      peek: {
        state: 'unspent',
        grant: expect.objectContaining({ sub: 'ada', client_id: 'desk', uses: 1 }) as unknown,
      },
    });
  }
  expect((await caller.introspect(token)).body['active']).toBe(true);
  expect((await peek(token)).body).toMatchObject({ active: false, peek: { state: 'spent' } });
});

it('is on record as what it was', async () => {
  const token = await caller.token();
  const event = await records.eventOf(await peek(token));
  expect(event).toMatchObject({ outcome: 'inactive', reason: 'token.peeked', detail: 'unspent' });
  expect(event.callerId).toBe('orders-api');
});

it('counts no mismatch: a look with another method, body and no proof leaves the token alone', async () => {
  const token = await caller.token();
  const nothing = { http_method: 'GET', content_digest: undefined, dpop_proof: undefined };
  for (let turn = 0; turn < 4; turn++) expect((await peek(token, nothing)).body).toHaveProperty('peek');
  expect((await caller.introspect(token)).body['active']).toBe(true);
});

it.each<[string, () => Promise<string>]>([
  ['a token that is none', async () => 'x'],
  ['a forged token', async () => `${(await caller.token()).slice(0, -8)}AAAAAAAA`],
])('says nothing of %s', async (_, token) => {
  expect((await peek(await token())).text).toBe(INACTIVE);
});

it("says nothing of another API's token, and leaves it alone", async () => {
  const token = await caller.token();
  const client_assertion = caller.serverAssertion('other-api', deployment.keys.otherServer);
  for (let turn = 0; turn < 4; turn++) {
    const assertion = caller.serverAssertion('other-api', deployment.keys.otherServer);
    expect((await peek(token, { client_assertion: assertion })).text).toBe(INACTIVE);
  }
  expect((await peek(token, { client_assertion })).text).toBe(INACTIVE);
  expect((await caller.introspect(token)).body['active']).toBe(true);
});

it('is refused to whoever has no right to it, and the token is not spent', async () => {
  const token = await caller.token();
  for (const client_assertion of [
    caller.serverAssertion('self-api', deployment.keys.selfServer),
    caller.assertion(),
  ]) {
    const { status, body } = await peek(token, { client_assertion });
    expect([status, body['error']]).toEqual([400, 'unauthorized_client']);
  }
  expect((await caller.introspect(token)).body['active']).toBe(true);
});

it.each(['1', 'TRUE', 'false', 'yes'])(
  'spends nothing by a slip: peek=%s is malformed, before anything else',
  async (slip) => {
    const token = await caller.token();
    const { status, body } = await peek(token, { peek: slip });
    expect([status, body['error']]).toEqual([400, 'invalid_request']);
    expect((await caller.introspect(token)).body['active']).toBe(true);
  },
);

it('is not what an Idempotency-Key repeats', async () => {
  const token = await caller.token();
  const key = { 'idempotency-key': `"${randomUUID()}"` };
  expect((await peek(token, {}, key)).body['active']).toBe(false);
  expect((await caller.introspect(token, {}, key)).body['active']).toBe(true);
});
