import { Caller, ID_TOKEN, type Claims, type Parameters } from '../support/deployment/caller.ts';
import type { Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { AGENT, BILLER, DOMAIN, JWT, SPOILT_SVIDS, TrustDomain } from '../support/deployment/trust-domain.ts';
import { freshDatabase } from '../support/fresh-database.ts';

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

const acting = (claims: Claims = {}, more: Parameters = {}): Parameters => ({
  subject_token: deployment.issuerServer.idToken(),
  subject_token_type: ID_TOKEN,
  actor_token: domain.svid({ sub: AGENT, ...claims }),
  actor_token_type: JWT,
  ...more,
});

it('a workload acts for a user, as whom the client may act', async () => {
  const { body } = await caller.introspect(await caller.token(acting()));
  expect(body).toMatchObject({ active: true, sub: 'ada', act: { iss: DOMAIN, sub: AGENT } });
});

it('check 49: may_act names the workload, or nobody acts', async () => {
  const mayAct = (sub: string): Parameters =>
    acting({}, { subject_token: deployment.issuerServer.idToken({ may_act: { iss: DOMAIN, sub } }) });
  expect((await caller.exchange(mayAct(AGENT))).status).toBe(200);
  await expectRefusal(await caller.exchange(mayAct(`${DOMAIN}/ns/agents/sa/eight`)), records, {
    answer: '400 invalid_request',
    reason: 'actor.not_allowed',
  });
});

it.each(SPOILT_SVIDS)('refuses an actor’s SVID $name', async ({ make, reason }) => {
  await expectRefusal(await caller.exchange({ ...acting(), actor_token: make(domain, AGENT) }), records, {
    answer: '400 invalid_request',
    reason: `actor.${reason}`,
  });
  expect((await caller.exchange(acting())).status).toBe(200);
});

it.each([
  ['on whose behalf it may call', BILLER],
  ['that nobody registered', 'spiffe://evil.example/ns/agents/sa/seven'],
])('X-15: nobody acts as a workload %s', async (_, sub) => {
  await expectRefusal(await caller.exchange(acting({ sub })), records, {
    answer: '400 unauthorized_client',
    reason: 'client.not_allowed',
  });
  expect((await caller.exchange(acting())).status).toBe(200);
});

it('an SVID that is sent as an ID token is none', async () => {
  await expectRefusal(await caller.exchange(acting({}, { actor_token_type: ID_TOKEN })), records, {
    answer: '400 invalid_request',
    reason: 'actor.unknown_issuer',
  });
});
