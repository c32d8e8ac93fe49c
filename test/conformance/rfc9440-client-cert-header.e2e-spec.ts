import { clientCert, makeAuthority, makeCertificate } from '../support/certificates.ts';
import { CertificateCaller, PROXY, type Fields } from '../support/deployment/certificate-caller.ts';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';

const root = makeAuthority('Acme Root');
const issuing = makeAuthority('Acme Issuing', { issuer: root });
const batch = makeCertificate({ issuer: root, dns: 'batch.acme.example' });
const deep = makeCertificate({ issuer: issuing, dns: 'batch.acme.example' });

/** RFC 9440: a proxy that ends TLS tells with which certificate a client connected. */
const broker = useBroker({
  env: { ONCEKEY_CLIENT_CERTIFICATE_PROXIES: PROXY },
  servers: { orders: { proof: 'bound' } },
  clients: () => [
    {
      client_id: 'batch',
      tls_client_auth: { san_dns: 'batch.acme.example', certificate_authorities: [root.pem] },
      identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
      resource_servers: ['orders'],
    },
  ],
});

/** One exchange with these fields, through the proxy or from elsewhere. */
function exchange(fields: Fields, from = PROXY) {
  const caller = new CertificateCaller(broker.deployment, batch, from);
  return caller.withFields(fields, () => caller.exchange({ client_id: 'batch' }, null));
}
afterEach(async () => {
  expect((await exchange({ 'Client-Cert': clientCert(batch) })).status).toBe(200);
});

it('RFC 9440 §2.2: Client-Cert is one byte sequence, the certificate in DER', async () => {
  const { status, body } = await exchange({ 'Client-Cert': clientCert(batch) });
  expect([status, body['token_type']]).toEqual([200, 'Bearer']);
});

it.each<[string, Fields]>([
  ['twice', { 'Client-Cert': [clientCert(batch), clientCert(batch)] }],
  ['as a list', { 'Client-Cert': `${clientCert(batch)}, ${clientCert(batch)}` }],
  ['as PEM', { 'Client-Cert': batch.pem.replaceAll('\n', ' ') }],
  ['as base64 without colons', { 'Client-Cert': batch.der.toString('base64') }],
  ['empty', { 'Client-Cert': '' }],
])('RFC 9440 §2.2: Client-Cert %s is malformed', async (_, fields) => {
  expectError(await exchange(fields), '400 invalid_request');
});

it('RFC 9440 §2.3: Client-Cert-Chain is a list of the certificates behind it, in one field or in several', async () => {
  const first = { 'Client-Cert': clientCert(deep) };
  expectError(await exchange(first), '401 invalid_client');
  const list = [issuing, root].map(clientCert);
  expect((await exchange({ ...first, 'Client-Cert-Chain': list.join(', ') })).status).toBe(200);
  expect((await exchange({ ...first, 'Client-Cert-Chain': list })).status).toBe(200);
});

it('RFC 9440 §2.3: Client-Cert-Chain does not stand alone', async () => {
  expectError(await exchange({ 'Client-Cert-Chain': clientCert(issuing) }), '400 invalid_request');
});

it.each<[string, Fields]>([
  ['Client-Cert', { 'Client-Cert': clientCert(batch) }],
  ['Client-Cert and Forwarded', { 'Client-Cert': clientCert(batch), Forwarded: `for=${PROXY}` }],
  ['a Client-Cert that is malformed', { 'Client-Cert': 'nonsense' }],
])('C-21, RFC 9440 §4: %s of whoever is not the proxy is not looked at', async (_, fields) => {
  expectError(await exchange(fields, '127.0.0.1'), '401 invalid_client');
});

it('C-21, RFC 9440 §4: no field of another name is looked at, whoever sends it', async () => {
  const fields = { 'X-SSL-Client-Cert': encodeURIComponent(batch.pem) };
  for (const from of [PROXY, '127.0.0.1']) expectError(await exchange(fields, from), '401 invalid_client');
});
