import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { clientCert, makeAuthority, makeCertificate, type MadeCertificate } from '../support/certificates.ts';
import { Caller, type Parameters } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const root = makeAuthority('Acme Root');
const issuing = makeAuthority('Acme Issuing', { issuer: root });
const batch = makeCertificate({ issuer: issuing, dns: 'batch.example' });
const kiosk = makeCertificate({ subject: [['CN', 'kiosk 7']] });
const server = makeCertificate({ issuer: root, dns: 'localhost' });

let deployment: Deployment;
let port: number;
let folder: string;

beforeAll(async () => {
  const { url } = await freshDatabase();
  port = await freePort();
  folder = mkdtempSync(join(tmpdir(), 'oncekey-mtls-'));
  writeFileSync(join(folder, 'cert.pem'), server.pem);
  writeFileSync(join(folder, 'key.pem'), pemOf(server));
  const common = {
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
  };
  deployment = await deploy({
    databaseUrl: url,
    env: {
      ONCEKEY_MTLS_PORT: String(port),
      ONCEKEY_MTLS_CERTIFICATE_FILE: join(folder, 'cert.pem'),
      ONCEKEY_MTLS_KEY_FILE: join(folder, 'key.pem'),
      ONCEKEY_MTLS_URL: `https://localhost:${port}`,
    },
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
  rmSync(folder, { recursive: true, force: true });
});

function pemOf({ privateKey }: MadeCertificate): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** The TLS of a client: with a certificate and those behind it, or with none. */
function identity(certificate: MadeCertificate | null, ...chain: readonly MadeCertificate[]): Connection {
  if (certificate === null) return {};
  return { cert: [certificate, ...chain].map(({ pem }) => pem).join(''), key: pemOf(certificate) };
}

interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

type Connection = Omit<RequestOptions, 'headers'> & { readonly fields?: OutgoingHttpHeaders };

function post(path: string, parameters: Parameters, { fields, ...options }: Connection): Promise<Answered> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
  return new Promise((resolve, reject) => {
    const sent = request(`https://localhost:${port}${path}`, {
      method: 'POST',
      ca: root.pem,
      agent: false,
      ...options,
      headers: { ...fields, 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject).on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Answered['body'] });
      });
    });
    sent.end(form.toString());
  });
}

function exchange(options: Connection, changes: Parameters = {}): Promise<Answered> {
  const none = { client_assertion: undefined, client_assertion_type: undefined };
  return post('/token', new Caller(deployment).parameters({ ...none, ...changes }), options);
}

it('publishes where certificates are taken', async () => {
  const response = await fetch(`${deployment.issuer}/.well-known/oauth-authorization-server`);
  expect(await response.json()).toMatchObject({
    token_endpoint: `${deployment.issuer}/token`,
    token_endpoint_auth_methods_supported: [
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
      'spiffe_jwt',
      'attest_jwt_client_auth',
      'attest_jwt_client_auth_dpop',
    ],
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: { token_endpoint: `https://localhost:${port}/token` },
  });
});

it.each<[string, string, () => Connection]>([
  ['a certificate with its chain', 'batch', () => identity(batch, issuing)],
  ['a certificate with its chain and the authority', 'batch', () => identity(batch, issuing, root)],
  ['a registered self-signed certificate', 'kiosk-7', () => identity(kiosk)],
])('takes %s, binds the token to it, and honours it with that one alone', async (_, client, options) => {
  const answer = await exchange(options());
  expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
  const token = String(answer.body['access_token']);
  const { thumbprint } = client === 'batch' ? batch : kiosk;
  const api = new Caller(deployment);
  const told = { dpop_proof: undefined, client_cert_s256: server.thumbprint };
  expect((await api.introspect(token, told)).body).toEqual({ active: false });
  expect((await api.introspect(token, { ...told, client_cert_s256: thumbprint })).body).toMatchObject({
    active: true,
    client_id: client,
    cnf: { 'x5t#S256': thumbprint },
  });
});

it.each<[string, () => Connection]>([
  ['no certificate', () => ({})],
  ['a certificate without its chain', () => identity(batch)],
  ['one of the same name that signed itself', () => identity(makeCertificate({ dns: 'batch.example' }))],
  ['one of the broker itself', () => identity(server)],
  [
    'C-21: no certificate, and a header that names one',
    () => ({ fields: { 'Client-Cert': clientCert(kiosk) } }),
  ],
  [
    'C-21: a strange certificate, and a header that names another',
    () => ({ ...identity(makeCertificate()), fields: { 'Client-Cert': clientCert(kiosk) } }),
  ],
])('C-22: refuses %s', async (_, options) => {
  const answer = await exchange(options());
  expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect((await exchange(identity(kiosk))).status).toBe(200);
});

it('C-21: two certificates in headers change nothing for the one of the connection', async () => {
  const fields = { 'Client-Cert': [clientCert(batch), clientCert(batch)] };
  expect((await exchange({ ...identity(kiosk), fields })).status).toBe(200);
});

it('a proof may name the alias, and the token is bound to its key then', async () => {
  const caller = new Caller(deployment);
  const htu = `https://localhost:${port}/token`;
  const proving = (nonce?: string): Connection => ({
    ...identity(kiosk),
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
          port,
          host: '127.0.0.1',
          servername: 'localhost',
          ca: root.pem,
          minVersion: version,
          maxVersion: version,
          ...identity(kiosk),
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
  const answer = await post('/nothing', {}, identity(kiosk));
  expect(answer.status).toBe(404);
});
