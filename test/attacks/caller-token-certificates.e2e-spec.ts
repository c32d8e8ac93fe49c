import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { Caller } from '../support/deployment/caller.ts';
import { CertificateCaller, PROXY } from '../support/deployment/certificate-caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const root = makeAuthority('Acme Root');
const api = makeCertificate({ issuer: root, dns: 'other-api.acme.example' });
const stranger = makeCertificate({ issuer: root, dns: 'stranger.acme.example' });
const ASKED = { token: 'once_nothing' };

let deployment: Deployment;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  const tls_client_auth = { san_dns: 'other-api.acme.example', certificate_authorities: [root.pem] };
  deployment = await deploy({
    databaseUrl: url,
    env: { ONCEKEY_CLIENT_CERTIFICATE_PROXIES: PROXY },
    servers: {
      orders: { caller_tokens: true },
      other: { jwks: undefined, tls_client_auth, caller_tokens: true },
    },
  });
  records = await Records.open(url);
}, 60_000);
afterEach(() => expectServed(new Caller(deployment)));
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
});

it('RFC 8705 §3: a caller token that was earned with a certificate is nothing without it', async () => {
  const own = new CertificateCaller(deployment, api);
  const grant = await own.post('/token', { grant_type: 'client_credentials' });
  expect([grant.status, grant.body]).toMatchObject([200, { token_type: 'Bearer', scope: 'introspect' }]);
  const headers = { authorization: `Bearer ${String(grant.body['access_token'])}` };
  for (const thief of [new CertificateCaller(deployment, stranger), new Caller(deployment)]) {
    const answer = await thief.post('/introspect', ASKED, headers);
    await expectRefusal(answer, records, {
      answer: '401 invalid_token',
      reason: 'bearer.wrong_certificate',
    });
  }
  const answer = await own.post('/introspect', ASKED, headers);
  expect([answer.status, answer.body]).toEqual([200, { active: false }]);
  expect(await records.eventOf(answer)).toMatchObject({
    callerId: 'other-api',
    callerMethod: 'caller_token',
  });
});

it('one that was earned with a key says who asks, whatever certificate the connection has', async () => {
  const caller = new Caller(deployment);
  const headers = { authorization: `Bearer ${await caller.callerToken({ resource: deployment.issuer })}` };
  const answer = await new CertificateCaller(deployment, stranger).post('/introspect', ASKED, headers);
  expect([answer.status, answer.body]).toEqual([200, { active: false }]);
  expect(await records.eventOf(answer)).toMatchObject({ callerId: 'orders-api' });
  expect((await caller.askCallerToken({ resource: API })).status).toBe(400);
});
