import { Caller, JWT_BEARER, TOKEN_EXCHANGE } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const INACTIVE = '{"active":false}';
let deployment: Deployment;
let records: Records;
let caller: Caller;
let elsewhere: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url, brokers: 2 });
  records = await Records.open(url);
  caller = new Caller(deployment);
  elsewhere = new Caller(deployment, 1);
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

/** At the other broker, with the proof that the token needs. */
const introspectElsewhere = (token: string) =>
  elsewhere.introspect(token, { dpop_proof: caller.apiProof(token) });

const revoke = (token: string | undefined, changes: Record<string, string | undefined> = {}) =>
  caller.post('/revoke', {
    token,
    client_assertion_type: JWT_BEARER,
    client_assertion: caller.assertion(),
    ...changes,
  });

describe('check 92: POST /revoke', () => {
  it('kills a token of one’s own at once, at every broker', async () => {
    const token = await caller.token();
    const answer = await revoke(token);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const dead = await introspectElsewhere(token);
    expect([dead.status, dead.text]).toEqual([200, INACTIVE]);
    expect(await records.eventOf(dead)).toMatchObject({ outcome: 'inactive', reason: 'token.revoked' });
  });

  it('ends what was still to come of a token that was spent', async () => {
    const token = await caller.token();
    expect((await caller.introspect(token)).body['active']).toBe(true);
    const transaction = () =>
      caller.post('/token', {
        grant_type: TOKEN_EXCHANGE,
        client_assertion_type: JWT_BEARER,
        client_assertion: caller.serverAssertion(),
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        requested_token_type: 'urn:ietf:params:oauth:token-type:txn_token',
        audience: deployment.issuer,
        scope: 'orders.refund',
      });
    expect((await transaction()).status).toBe(200);
    expect((await revoke(token)).status).toBe(200);
    const refused = await transaction();
    expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_request']);
    expect(await records.eventOf(refused)).toMatchObject({ outcome: 'refused', reason: 'subject.revoked' });
  });

  it.each(['access_token', 'refresh_token', 'urn:of:nothing'])('ignores a wrong hint: %s', async (hint) => {
    const token = await caller.token();
    expect((await revoke(token, { token_type_hint: hint })).status).toBe(200);
    expect((await caller.introspect(token)).text).toBe(INACTIVE);
  });

  it.each([
    ['a token that never was', 'once_unknown'],
    ['a letter', 'x'],
    ['8 kB', `once_${'A'.repeat(8_000)}`],
  ])('answers the same to %s', async (_, token) => {
    const known = await revoke(await caller.token());
    const unknown = await revoke(token);
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
  });

  it('answers the same to somebody else’s token, and leaves it alone', async () => {
    const token = await caller.token();
    const kiosk = caller.assertion({ iss: 'kiosk', sub: 'kiosk' }, {}, deployment.keys.secondClient);
    const answer = await revoke(token, { client_assertion: kiosk });
    expect([answer.status, answer.text]).toEqual([200, '{}']);
    expect((await caller.introspect(token)).body).toMatchObject({ active: true });
  });

  it('takes no word of a stranger, and none without a token', async () => {
    const token = await caller.token();
    const forged = caller.assertion({}, {}, caller.device);
    const stranger = await revoke(token, { client_assertion: forged });
    expect([stranger.status, stranger.body['error']]).toEqual([401, 'invalid_client']);
    const resourceServer = await revoke(token, { client_assertion: caller.serverAssertion() });
    expect([resourceServer.status, resourceServer.body['error']]).toEqual([400, 'unauthorized_client']);
    const nothing = await revoke(undefined);
    expect([nothing.status, nothing.body['error']]).toEqual([400, 'invalid_request']);
    expect((await caller.introspect(token)).body).toMatchObject({ active: true });
  });
});

describe('I-49 revoked and presented at the same time', () => {
  it('is never honoured once the revocation was answered, over two brokers', async () => {
    for (let round = 0; round < 20; round++) {
      const token = await caller.token();
      const race = introspectElsewhere(token);
      if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      const revoked = await revoke(token);
      const after = await introspectElsewhere(token);
      expect([revoked.status, after.text]).toEqual([200, INACTIVE]);
      expect((await race).status).toBe(200);
    }
  });

  it('X-17 a client that is disabled takes its tokens with it', async () => {
    const token = await caller.token();
    const spared = await caller.token();
    await records.rows(`UPDATE client SET enabled = false WHERE client_id = 'kiosk'`);
    expect((await caller.introspect(spared)).body).toMatchObject({ active: true });
    await records.rows(`UPDATE client SET enabled = false WHERE client_id = 'desk'`);
    expect((await caller.introspect(token)).text).toBe(INACTIVE);
    await records.rows(`UPDATE client SET enabled = true`);
    await eventually(async () => (await caller.exchange()).status === 200, 5_000);
  });
});
