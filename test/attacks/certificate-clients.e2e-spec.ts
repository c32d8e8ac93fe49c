import { Caller, REFUND, type Parameters } from '../support/deployment/caller.ts';
import { CertificateCaller, PROXY, type Fields } from '../support/deployment/certificate-caller.ts';
import { deploy, OTHER_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { clientCert, makeAuthority, makeCertificate, PURPOSE } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const DAY_MS = 86_400_000;
const NAME = 'batch.acme.example';

const root = makeAuthority('Acme Root');
const issuing = makeAuthority('Acme Issuing', { issuer: root });
const strangers = makeAuthority('Acme Root');
const batch = makeCertificate({ issuer: root, dns: NAME, purposes: [PURPOSE.client] });
const deep = makeCertificate({ issuer: issuing, dns: NAME });
const revoked = makeCertificate({ issuer: root, dns: NAME });
const own = makeCertificate({ subject: [['CN', 'kiosk 7']] });
const twin = makeCertificate({ issuer: root, dns: 'twin.acme.example' });
const api = makeCertificate({ issuer: root, uri: 'spiffe://acme.example/other-api' });

let deployment: Deployment;
let records: Records;
let caller: CertificateCaller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  const common = {
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders', 'other'],
  };
  const issued = { certificate_authorities: [root.pem], revoked_certificates: [revoked.thumbprint] };
  const twins = { tls_client_auth: { san_dns: 'twin.acme.example', ...issued } };
  deployment = await deploy({
    databaseUrl: url,
    env: { ONCEKEY_CLIENT_CERTIFICATE_PROXIES: PROXY },
    servers: {
      orders: { proof: 'bound' },
      other: { jwks: undefined, tls_client_auth: { san_uri: 'spiffe://acme.example/other-api', ...issued } },
    },
    clients: () => [
      { ...common, client_id: 'batch', tls_client_auth: { san_dns: NAME, ...issued } },
      { ...common, client_id: 'twin-one', ...twins },
      { ...common, client_id: 'twin-two', ...twins },
      {
        ...common,
        client_id: 'kiosk-7',
        self_signed_tls_client_auth: { certificate_thumbprints: [own.thumbprint] },
      },
    ],
  });
  records = await Records.open(url);
  caller = new CertificateCaller(deployment, batch);
}, 60_000);
afterEach(async () => {
  const token = await caller.exchange({}, null);
  expect([token.status, token.text]).toEqual([200, token.text]);
  await expectServed(new Caller(deployment));
});
afterAll(async () => {
  await records?.close();
  await deployment?.stop();
});

const refused = { answer: '401 invalid_client' };

/** What the API tells of a request that came over a connection with this certificate. */
async function introspected(token: string, client_cert_s256?: string, more: Parameters = {}) {
  const answer = await new Caller(deployment).introspect(token, {
    dpop_proof: undefined,
    client_cert_s256,
    ...more,
  });
  return answer.body;
}

describe('tokens that are bound to a certificate', () => {
  it('RFC 8705 §3: are spent by whoever has it, and by nobody else', async () => {
    const answer = await caller.exchange({}, null);
    expect(answer.body).toMatchObject({ token_type: 'Bearer' });
    const token = String(answer.body['access_token']);
    expect(await introspected(token, own.thumbprint)).toEqual({ active: false });
    expect(await introspected(token)).toEqual({ active: false });
    expect(await introspected(token, batch.thumbprint)).toMatchObject({
      active: true,
      client_id: 'batch',
      token_type: 'Bearer',
      cnf: { 'x5t#S256': batch.thumbprint },
      htu: REFUND,
    });
    expect(await introspected(token, batch.thumbprint)).toEqual({ active: false });
  });

  it('a third wrong certificate kills it', async () => {
    const token = String((await caller.exchange({}, null)).body['access_token']);
    for (let attempt = 0; attempt < 3; attempt += 1) await introspected(token, own.thumbprint);
    expect(await introspected(token, batch.thumbprint)).toEqual({ active: false });
  });

  it('a DPoP proof of somebody is not in place of it', async () => {
    const token = String((await caller.exchange({}, null)).body['access_token']);
    const dpop_proof = caller.apiProof(token);
    expect(await introspected(token, batch.thumbprint, { dpop_proof })).toEqual({ active: false });
    expect(await introspected(token, batch.thumbprint)).toMatchObject({ active: true });
  });

  it('a client that sends a proof gets a token that is bound to that key instead', async () => {
    const token = await caller.token();
    const { body } = await caller.introspect(token);
    expect(body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: caller.device.thumbprint } });
  });

  it('check 57: for an API that wants DPoP a certificate is not enough, and nobody gets less than a binding', async () => {
    const thing = {
      resource: OTHER_API,
      authorization_details: caller.details({
        locations: [OTHER_API],
        actions: ['GET'],
        target_uri: `${OTHER_API}things/1`,
        content_digest: undefined,
      }),
    };
    const missing = { answer: '400 invalid_dpop_proof', reason: 'device.proof_missing' };
    await expectRefusal(await caller.exchange(thing, null), records, missing);
    expect((await caller.exchange(thing)).body).toMatchObject({ token_type: 'DPoP' });
    await expectRefusal(await new Caller(deployment).exchange({}, null), records, missing);
  });
});

describe('who is believed about certificates', () => {
  const header = clientCert(batch);
  it.each<[string, Fields]>([
    ['Client-Cert', { 'Client-Cert': header }],
    ['X-SSL-Client-Cert', { 'X-SSL-Client-Cert': encodeURIComponent(batch.pem) }],
    ['X-Forwarded-Client-Cert', { 'X-Forwarded-Client-Cert': `Cert="${encodeURIComponent(batch.pem)}"` }],
    ['SSL_CLIENT_CERT', { SSL_CLIENT_CERT: batch.pem.replaceAll('\n', ' ') }],
    ['two of them', { 'Client-Cert': [header, header] }],
    ['nonsense', { 'Client-Cert': 'nonsense' }],
    [
      'a claim to come from the proxy',
      { 'Client-Cert': header, 'X-Forwarded-For': PROXY, Forwarded: `for=${PROXY}` },
    ],
  ])('C-21: a stranger’s %s is not looked at', async (_, fields) => {
    const stranger = new CertificateCaller(deployment, batch, '127.0.0.1');
    const answer = await stranger.withFields(fields, () => stranger.exchange({ client_id: 'batch' }, null));
    await expectRefusal(answer, records, { ...refused, reason: 'client.missing' });
  });

  it.each<[string, Fields]>([
    ['X-SSL-Client-Cert', { 'X-SSL-Client-Cert': encodeURIComponent(batch.pem) }],
    ['X-Forwarded-Client-Cert', { 'X-Forwarded-Client-Cert': `Cert="${encodeURIComponent(batch.pem)}"` }],
  ])('C-21: the proxy’s own %s is not looked at', async (_, fields) => {
    const answer = await caller.withFields(fields, () => caller.exchange({ client_id: 'batch' }, null));
    await expectRefusal(answer, records, { ...refused, reason: 'client.missing' });
  });

  it.each<[string, Fields]>([
    ['twice', { 'Client-Cert': [header, header] }],
    ['in a list', { 'Client-Cert': `${header}, ${header}` }],
    ['URL-encoded', { 'Client-Cert': encodeURIComponent(header) }],
    ['as PEM', { 'Client-Cert': batch.pem.replaceAll('\n', ' ') }],
    ['with blanks inside', { 'Client-Cert': header.replace(/.{64}/, '$& ') }],
    ['empty', { 'Client-Cert': '' }],
    ['as a chain alone', { 'Client-Cert-Chain': header }],
    ['with a chain of nonsense', { 'Client-Cert': header, 'Client-Cert-Chain': 'x' }],
    [
      'with a chain without end',
      { 'Client-Cert': header, 'Client-Cert-Chain': Array<string>(5).fill(':AAAA:') },
    ],
  ])('C-21: a certificate that the proxy sends %s is malformed', async (_, fields) => {
    const answer = await caller.withFields(fields, () => caller.exchange({}, null));
    await expectRefusal(answer, records, { answer: '400 invalid_request', reason: 'request.malformed' });
  });
});

describe('C-22 certificates', () => {
  const issued = { issuer: root, dns: NAME };
  const authority = 'client.bad_certificate';
  it.each([
    ['expired', makeCertificate({ ...issued, notAfter: new Date(Date.now() - 60_000) }), authority],
    ['of tomorrow', makeCertificate({ ...issued, notBefore: new Date(Date.now() + DAY_MS) }), authority],
    ['revoked', revoked, authority],
    ['of another authority of the same name', makeCertificate({ issuer: strangers, dns: NAME }), authority],
    ['that signed itself', makeCertificate({ dns: NAME }), authority],
    ['of a client', makeCertificate({ issuer: batch, dns: NAME }), authority],
    ['of a server', makeCertificate({ ...issued, purposes: [PURPOSE.server] }), authority],
    ['without the intermediate that it needs', deep, authority],
    ['with the name as CN', makeCertificate({ issuer: root, subject: [['CN', NAME]] }), 'client.unmatched'],
    [
      'with a NUL behind the name',
      makeCertificate({ issuer: root, dns: `${NAME}\0.evil.example` }),
      'client.unmatched',
    ],
    [
      'with the name in upper case',
      makeCertificate({ issuer: root, dns: NAME.toUpperCase() }),
      'client.unmatched',
    ],
    ['with a wildcard', makeCertificate({ issuer: root, dns: '*.acme.example' }), 'client.unmatched'],
    ['with the name as URI', makeCertificate({ issuer: root, uri: NAME }), 'client.unmatched'],
    [
      'self-signed anew under a registered name',
      makeCertificate({ subject: [['CN', 'kiosk 7']] }),
      'client.unmatched',
    ],
  ])('refuses one %s', async (_, certificate, reason) => {
    const stranger = new CertificateCaller(deployment, certificate);
    await expectRefusal(await stranger.exchange({}, null), records, { ...refused, reason });
  });

  it('takes one of an intermediate with its chain, and refuses an authority that is not needed', async () => {
    const chain = (...certificates: readonly { der: Buffer }[]): Fields => ({
      'Client-Cert': clientCert(deep),
      'Client-Cert-Chain': certificates.map(clientCert).join(', '),
    });
    const exchange = (fields: Fields) => caller.withFields(fields, () => caller.exchange({}, null));
    expect((await exchange(chain(issuing))).status).toBe(200);
    expect((await exchange(chain(issuing, root))).status).toBe(200);
    for (const fields of [chain(issuing, strangers), chain(issuing, root, strangers)]) {
      await expectRefusal(await exchange(fields), records, { ...refused, reason: authority });
    }
  });

  it('takes a self-signed one that is registered', async () => {
    const kiosk = new CertificateCaller(deployment, own);
    for (const client_id of [undefined, 'kiosk-7']) {
      const token = String((await kiosk.exchange({ client_id }, null)).body['access_token']);
      expect(await introspected(token, own.thumbprint)).toMatchObject({ active: true, client_id: 'kiosk-7' });
    }
  });
});

describe('C-23, check 28: which client it is', () => {
  it.each<[string, () => CertificateCaller, Parameters, string]>([
    [
      'two clients fit and none is named',
      () => new CertificateCaller(deployment, twin),
      {},
      'client.ambiguous',
    ],
    ['another is named', () => caller, { client_id: 'kiosk-7' }, 'client.unmatched'],
    ['one with keys of its own is named', () => caller, { client_id: 'desk' }, 'client.unmatched'],
    ['nobody is named', () => caller, { client_id: 'nobody' }, 'client.unmatched'],
  ])('is refused where %s', async (_, who, changes, reason) => {
    await expectRefusal(await who().exchange(changes, null), records, { ...refused, reason });
  });

  it('is taken where one of two is named', async () => {
    const answer = await new CertificateCaller(deployment, twin).exchange({ client_id: 'twin-two' }, null);
    expect(answer.status).toBe(200);
  });
});

describe('check 26: two methods in one request', () => {
  it('a secret beside a certificate is refused', async () => {
    const answer = await caller.exchange({ client_id: 'batch', client_secret: 's' }, null);
    await expectRefusal(answer, records, { ...refused, reason: 'client.secret_refused' });
  });

  it('an assertion is what counts where both are there, and a client of certificates has none', async () => {
    const parameters = new Caller(deployment).parameters();
    expect((await caller.post('/token', parameters)).body['error']).not.toBe('invalid_client');
    const forged = new Caller(deployment).assertion({ iss: 'batch', sub: 'batch' });
    const answer = await caller.post('/token', { ...parameters, client_assertion: forged });
    await expectRefusal(answer, records, { ...refused, reason: 'client.wrong_method' });
  });
});

it('an API authenticates with its certificate, too', async () => {
  const other = new CertificateCaller(deployment, api);
  const parameters = { client_assertion: undefined, client_assertion_type: undefined, token: 'once_nothing' };
  const answer = await other.post('/introspect', parameters);
  expect([answer.status, answer.body]).toEqual([200, { active: false }]);
  const without = await new Caller(deployment).post('/introspect', parameters);
  expect(without.status).toBe(401);
});

it('C-15: a certificate of a client that is gone is one of nobody', async () => {
  await records.rows(`UPDATE client SET enabled = false WHERE client_id = 'kiosk-7'`);
  const kiosk = new CertificateCaller(deployment, own);
  // At once it is cut off; within a second the broker does not know it any more.
  const answer = await kiosk.exchange({}, null);
  expect(answer.status).not.toBe(200);
  const reason = 'client.unmatched';
  await eventually(
    async () => (await records.eventOf(await kiosk.exchange({}, null))).reason === reason,
    5_000,
  );
  await expectRefusal(await kiosk.exchange({}, null), records, { ...refused, reason });
});
