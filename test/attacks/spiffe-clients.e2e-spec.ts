import { Caller, JWT_SPIFFE, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { REFUNDER, TrustDomains, type SvidCaller } from '../support/deployment/svid-caller.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let records: Records;
let domains: TrustDomains;
let caller: SvidCaller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  domains = await TrustDomains.start();
  deployment = await deploy({ databaseUrl: url, clients: () => domains.clients() });
  records = await Records.open(url);
  caller = domains.refunder(deployment);
}, 60_000);
afterEach(async () => {
  await expectServed(new Caller(deployment));
  await expectServed(caller);
});
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
  await domains?.stop();
});

it('D6: without a proof there is nothing for it', async () => {
  await expectRefusal(await caller.exchange({}, null), records, {
    answer: '400 invalid_dpop_proof',
    reason: 'device.proof_missing',
  });
});

interface Bad {
  readonly name: string;
  readonly claims?: Claims;
  readonly changes?: Parameters;
  readonly reason: string;
}

it.each<Bad>([
  {
    name: 'C-18: a trust domain that nobody registered',
    claims: { sub: 'spiffe://evil.example/ns/a/sa/refunder' },
    reason: 'client.unmatched',
  },
  {
    name: 'C-18: /ns/ab for /ns/a',
    claims: { sub: 'spiffe://prod.example/ns/ab/x' },
    reason: 'client.unmatched',
  },
  {
    name: 'C-18: an uppercase trust domain',
    claims: { sub: REFUNDER.replace('prod', 'PROD') },
    reason: 'client.unmatched',
  },
  { name: 'dots', claims: { sub: 'spiffe://prod.example/ns/a/../b/x' }, reason: 'client.unmatched' },
  { name: 'another client_id', changes: { client_id: 'tester' }, reason: 'client.unmatched' },
  {
    name: 'the token endpoint as audience',
    claims: { aud: 'https://elsewhere.example' },
    reason: 'client.wrong_audience',
  },
  { name: 'no exp', claims: { exp: undefined }, reason: 'client.wrong_time' },
])('refuses $name', async ({ claims, changes, reason }) => {
  const answer = await caller.exchange({ client_assertion: caller.workloadToken(claims), ...changes });
  await expectRefusal(answer, records, { answer: '401 invalid_client', reason });
});

it.each([
  ['an SVID as if the client had signed it', { client_assertion_type: undefined }, '400 invalid_request'],
  ['an unknown type of assertion', { client_assertion_type: `${JWT_SPIFFE}x` }, '400 invalid_request'],
])('C-07: refuses %s', async (_, changes, answer) => {
  await expectRefusal(await caller.exchange(changes), records, { answer, reason: 'request.malformed' });
});

it('C-07: an assertion of the client’s own is no SVID', async () => {
  const answer = await caller.exchange({ client_assertion: new Caller(deployment).assertion() });
  await expectRefusal(answer, records, { answer: '401 invalid_client', reason: 'client.wrong_kind' });
});
