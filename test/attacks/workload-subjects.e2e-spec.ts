import { randomUUID } from 'node:crypto';
import { Caller, ID_TOKEN, JWT_SPIFFE, type Parameters } from '../support/deployment/caller.ts';
import { API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { AGENT, BILLER, DOMAIN, JWT, SPOILT_SVIDS, TrustDomain } from '../support/deployment/trust-domain.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const READ = `${API}/orders/42`;
const seconds = (): number => Math.floor(Date.now() / 1000);

let domain: TrustDomain;
let deployment: Deployment;
let caller: Caller;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  domain = await TrustDomain.start(url);
  ({ deployment, caller } = domain);
  records = await Records.open(url);
}, 60_000);
afterEach(async () => {
  await expectServed(new Caller(deployment));
  expect((await caller.exchange()).status).toBe(200);
});
afterAll(async () => {
  await records?.close();
  await domain?.stop();
});

it('a workload without a user: policies see a workload, its tokens are bound and die with its SVID', async () => {
  const exp = seconds() + 5;
  const subject_token = domain.svid({ exp });
  for (const _ of ['the Workload API hands it out', 'and again']) {
    const token = await caller.token({ subject_token });
    const { body } = await caller.introspect(token);
    expect(body).toMatchObject({
      active: true,
      sub: BILLER,
      sub_iss: DOMAIN,
      client_id: 'batch',
      cnf: { jkt: caller.device.thumbprint },
    });
    expect(body['exp']).toBeLessThanOrEqual(exp);
  }
  const [event] = await records.rows<{ event: { question: object; subject: object } }>(
    `SELECT event FROM audit_event WHERE type = 'token.exchange' AND event->>'outcome' = 'permitted'
      AND event->'subject'->>'subject' = $1 LIMIT 1`,
    [BILLER],
  );
  expect(event?.event.question).toMatchObject({ principal: { issuer: DOMAIN, subject: BILLER, groups: [] } });
});

it('a workload is no user of the same name, and no other workload', async () => {
  const other = domain.svid({ sub: `${DOMAIN}/ns/pay/sa/payer` });
  await expectRefusal(await caller.exchange({ subject_token: other }), records, {
    answer: '400 invalid_authorization_details',
    reason: 'policy.denied',
  });
  const authorization_details = caller.details({
    actions: ['GET'],
    target_uri: READ,
    content_digest: undefined,
  });
  expect((await caller.exchange({ subject_token: other, authorization_details })).status).toBe(200);
  const user = deployment.issuerServer.idToken({ sub: BILLER, groups: [] });
  const asUser = { subject_token: user, subject_token_type: ID_TOKEN };
  await expectRefusal(await caller.exchange(asUser), records, {
    answer: '400 invalid_authorization_details',
    reason: 'policy.denied',
  });
});

it.each([
  ['an SVID', (): Parameters => ({})],
  [
    'the SVID of an actor',
    (): Parameters => ({
      subject_token: deployment.issuerServer.idToken(),
      subject_token_type: ID_TOKEN,
      actor_token: domain.svid({ sub: AGENT }),
      actor_token_type: JWT,
    }),
  ],
])('D6: without a proof there is nothing for %s, at an API of bearer tokens either', async (_, changes) => {
  const plain = {
    resource: 'https://plain.example/',
    authorization_details: undefined,
    scope: 'plain.read',
  };
  for (const target of [{}, plain]) {
    await expectRefusal(await caller.exchange({ ...changes(), ...target }, null), records, {
      answer: '400 invalid_dpop_proof',
      reason: 'device.proof_missing',
    });
    expect((await caller.exchange({ ...changes(), ...target })).status).toBe(200);
  }
});

it.each([
  ...SPOILT_SVIDS,
  {
    name: 'C-18: of another trust domain, signed with a key of this one',
    make: () => domain.svid({ sub: 'spiffe://test.example/ns/pay/sa/biller' }),
    reason: 'bad_signature',
  },
  {
    name: 'J-18: that is an ID token',
    make: () => deployment.issuerServer.idToken(),
    reason: 'wrong_kind',
  },
  {
    name: 'C-18: of an uppercase trust domain',
    make: () => domain.svid({ sub: BILLER.replace('prod', 'PROD') }),
    reason: 'wrong_kind',
  },
])('refuses a subject’s SVID $name', async ({ make, reason }) => {
  await expectRefusal(await caller.exchange({ subject_token: make(domain, BILLER) }), records, {
    answer: '400 invalid_request',
    reason: `subject.${reason}`,
  });
});

it.each([
  ['/ns/payx for /ns/pay', `${DOMAIN}/ns/payx/sa/biller`],
  ['the path without a name below it', `${DOMAIN}/ns/pay`],
  ['a trust domain that nobody registered', 'spiffe://evil.example/ns/pay/sa/biller'],
  ['X-09: a workload as which it may act', AGENT],
])('C-18: the client may not call on behalf of %s', async (_, sub) => {
  await expectRefusal(await caller.exchange({ subject_token: domain.svid({ sub }) }), records, {
    answer: '400 unauthorized_client',
    reason: 'client.not_allowed',
  });
});

it('X-09: a client that is registered for no workload is refused before anything is verified', async () => {
  const desk = new Caller(deployment);
  for (const subject_token of [domain.svid(), domain.svid({}, makeSigningKey())]) {
    const answer = await desk.exchange({ subject_token, subject_token_type: JWT });
    await expectRefusal(answer, records, {
      answer: '400 unauthorized_client',
      reason: 'client.not_allowed',
    });
  }
});

it('J-18: an SVID is no ID token, no assertion of the client, and no client’s SVID', async () => {
  await expectRefusal(await caller.exchange({ subject_token_type: ID_TOKEN }), records, {
    answer: '400 invalid_request',
    reason: 'subject.unknown_issuer',
  });
  for (const client_assertion_type of [undefined, JWT_SPIFFE]) {
    const changes = client_assertion_type === undefined ? {} : { client_assertion_type };
    const { status, body } = await caller.exchange({ ...changes, client_assertion: domain.svid() });
    expect(`${status} ${String(body['error'])}`).toBe('401 invalid_client');
  }
});

it('X-17: a workload that was revoked gets nothing for an SVID from before, and something for a later one', async () => {
  const sub = `${DOMAIN}/ns/pay/sa/${randomUUID()}`;
  const read = caller.details({ actions: ['GET'], target_uri: READ, content_digest: undefined });
  const before = domain.svid({ sub, iat: seconds() - 5 });
  expect((await caller.exchange({ subject_token: before, authorization_details: read })).status).toBe(200);
  await records.rows(
    `INSERT INTO cut_off (kind, id, source, dead_until) VALUES ('subject', $1, 'test', clock_timestamp())`,
    [`${DOMAIN} ${sub}`],
  );
  await expectRefusal(
    await caller.exchange({ subject_token: before, authorization_details: read }),
    records,
    {
      answer: '400 invalid_request',
      reason: 'subject.revoked',
    },
  );
  const after = domain.svid({ sub, iat: seconds() + 2 });
  expect((await caller.exchange({ subject_token: after, authorization_details: read })).status).toBe(200);
});
