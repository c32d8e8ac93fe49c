import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { clientCert, makeAuthority, makeCertificate } from '../support/certificates.ts';
import { Caller, type Answer, type Parameters } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { tlsIdentity, TlsListener, type Connection } from '../support/deployment/tls-caller.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const root = makeAuthority('Acme Root');
const issuing = makeAuthority('Acme Issuing', { issuer: root });
const batch = makeCertificate({ issuer: issuing, dns: 'batch.example' });
const kiosk = makeCertificate({ subject: [['CN', 'kiosk 7']] });

let deployment: Deployment;
let listener: TlsListener;

beforeAll(async () => {
  const { url } = await freshDatabase();
  listener = await TlsListener.prepare();
  const common = {
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
  };
  deployment = await deploy({
    databaseUrl: url,
    env: listener.env,
    servers: { orders: { proof: 'bound' } },
    clients: () => [
      {
        ...common,
        client_id: 'batch',
        tls_client_auth: { san_dns: 'batch.example', certificate_authorities: [root.pem] },
      },
      {
        ...common,
        client_id: 'kiosk-7',
        self_signed_tls_client_auth: { certificate_thumbprints: [kiosk.thumbprint] },
      },
    ],
  });
}, 60_000);
afterAll(async () => {
  await deployment?.stop();
  listener?.dispose();
});

function exchange(options: Connection, changes: Parameters = {}): Promise<Answer> {
  const none = { client_assertion: undefined, client_assertion_type: undefined };
  return listener.post('/token', new Caller(deployment).parameters({ ...none, ...changes }), options);
}

it.each<[string, string, () => Connection]>([
  ['a certificate with its chain', 'batch', () => tlsIdentity(batch, issuing)],
  ['a certificate with its chain and the authority', 'batch', () => tlsIdentity(batch, issuing, root)],
  ['a registered self-signed certificate', 'kiosk-7', () => tlsIdentity(kiosk)],
])('takes %s, binds the token to it, and honours it with that one alone', async (_, client, options) => {
  const answer = await exchange(options());
  expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
  const token = String(answer.body['access_token']);
  const { thumbprint } = client === 'batch' ? batch : kiosk;
  const api = new Caller(deployment);
  const told = { dpop_proof: undefined, client_cert_s256: listener.certificate.thumbprint };
  expect((await api.introspect(token, told)).body).toEqual({ active: false });
  expect((await api.introspect(token, { ...told, client_cert_s256: thumbprint })).body).toMatchObject({
    active: true,
    client_id: client,
    cnf: { 'x5t#S256': thumbprint },
  });
});

it.each<[string, () => Connection]>([
  ['no certificate', () => ({})],
  ['a certificate without its chain', () => tlsIdentity(batch)],
  ['one of the same name that signed itself', () => tlsIdentity(makeCertificate({ dns: 'batch.example' }))],
  ['one of the broker itself', () => tlsIdentity(listener.certificate)],
  [
    'C-21: no certificate, and a header that names one',
    () => ({ fields: { 'Client-Cert': clientCert(kiosk) } }),
  ],
  [
    'C-21: a strange certificate, and a header that names another',
    () => ({ ...tlsIdentity(makeCertificate()), fields: { 'Client-Cert': clientCert(kiosk) } }),
  ],
])('C-22: refuses %s', async (_, options) => {
  const answer = await exchange(options());
  expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect((await exchange(tlsIdentity(kiosk))).status).toBe(200);
});

it('C-21: two certificates in headers change nothing for the one of the connection', async () => {
  const fields = { 'Client-Cert': [clientCert(batch), clientCert(batch)] };
  expect((await exchange({ ...tlsIdentity(kiosk), fields })).status).toBe(200);
});

it('a proof may name the alias, and the token is bound to its key then', async () => {
  const caller = new Caller(deployment);
  const htu = `${listener.url}/token`;
  const proving = (nonce?: string): Connection => ({
    ...tlsIdentity(kiosk),
    fields: { DPoP: caller.proof({ htu, nonce }) },
  });
  expect(await exchange(proving())).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
});

it.each(['TLSv1.2', 'TLSv1.3'])(
  'C-24: no session of %s is resumed: each connection proves its certificate',
  async (version) => {
    const sessions: Buffer[] = [];
    const open = (session?: Buffer): Promise<TLSSocket> =>
      new Promise((resolve, reject) => {
        const socket = connect({
          port: listener.port,
          host: '127.0.0.1',
          servername: 'localhost',
          ca: listener.authority.pem,
          minVersion: version,
          maxVersion: version,
          ...tlsIdentity(kiosk),
          ...(session === undefined ? {} : { session }),
        } as never);
        socket.on('session', (one: Buffer) => void sessions.push(one));
        socket.once('error', reject).once('secureConnect', () => resolve(socket));
      });
    const first = await open();
    // TLS 1.3 would hand out tickets once the handshake is over.
    await sleep(100);
    const session = sessions.at(-1) ?? first.getSession();
    first.destroy();
    const second = await open(session);
    expect(second.isSessionReused()).toBe(false);
    second.destroy();
  },
);

it('answers what is not served here as everywhere', async () => {
  const answer = await listener.post('/nothing', {}, tlsIdentity(kiosk));
  expect(answer.status).toBe(404);
});
