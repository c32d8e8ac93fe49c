import { makeAuthority, makeCertificate, type MadeCertificate } from '../support/certificates.ts';
import { Caller, type Answer, type Parameters } from '../support/deployment/caller.ts';
import { CertificateCaller, PROXY } from '../support/deployment/certificate-caller.ts';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { TlsCaller, TlsListener } from '../support/deployment/tls-caller.ts';

const root = makeAuthority('Acme Root');
const NAMES = {
  subject_dn: { registered: 'CN=batch,O=Acme', subject: [['O', 'Acme'] as const, ['CN', 'batch'] as const] },
  san_dns: { registered: 'batch.acme.example', dns: 'batch.acme.example' },
  san_uri: { registered: 'spiffe://acme.example/batch', uri: 'spiffe://acme.example/batch' },
  san_ip: { registered: '192.0.2.7', ip: [192, 0, 2, 7] },
  san_email: { registered: 'batch@acme.example', email: 'batch@acme.example' },
};
type NameKind = keyof typeof NAMES;
const KINDS = Object.keys(NAMES) as NameKind[];

const issuedFor = (kind: NameKind, issuer = root): MadeCertificate =>
  makeCertificate({ ...NAMES[kind], issuer });
const batch = issuedFor('san_dns');
const own = makeCertificate({ subject: [['CN', 'kiosk 7']] });
const twin = makeCertificate({ issuer: root, dns: 'twin.acme.example' });
const api = makeCertificate({ issuer: root, dns: 'api.acme.example' });

/** RFC 8705: who has the certificate of a connection is the client, and tokens are bound to it. */
let listener: TlsListener;
const broker = useBroker(async () => {
  listener = await TlsListener.prepare();
  const common = {
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
  };
  const issued = (name: object): object => ({
    tls_client_auth: { ...name, certificate_authorities: [root.pem] },
  });
  return {
    env: { ...listener.env, ONCEKEY_CLIENT_CERTIFICATE_PROXIES: PROXY },
    servers: {
      orders: { proof: 'bound' },
      other: { jwks: undefined, ...issued({ san_dns: 'api.acme.example' }) },
    },
    clients: () => [
      ...KINDS.map((kind) => ({
        ...common,
        client_id: `batch-${kind}`,
        ...issued({ [kind]: NAMES[kind].registered }),
      })),
      ...['twin-one', 'twin-two'].map((client_id) => ({
        ...common,
        client_id,
        ...issued({ san_dns: 'twin.acme.example' }),
      })),
      {
        ...common,
        client_id: 'kiosk-7',
        self_signed_tls_client_auth: { certificate_thumbprints: [own.thumbprint] },
      },
    ],
  };
});
afterAll(() => listener.dispose());

const WAYS: readonly [string, (certificate: MadeCertificate) => Caller][] = [
  ['the broker itself', (certificate) => new TlsCaller(broker.deployment, listener, certificate)],
  [
    'a proxy that the broker is told to believe',
    (certificate) => new CertificateCaller(broker.deployment, certificate),
  ],
];

/** What the API tells of a request that came over a connection with this certificate. */
const introspected = (token: string, client_cert_s256?: string): Promise<Answer> =>
  broker.caller.introspect(token, { dpop_proof: undefined, client_cert_s256 });

it('RFC 8705 §5: the metadata name the methods, the binding, and where certificates are taken', async () => {
  const response = await fetch(`${broker.deployment.issuer}/.well-known/oauth-authorization-server`);
  const methods = expect.arrayContaining(['tls_client_auth', 'self_signed_tls_client_auth']) as unknown;
  const metadata = (await response.json()) as Record<string, Record<string, string>>;
  expect(metadata).toMatchObject({
    token_endpoint: `${broker.deployment.issuer}/token`,
    token_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    tls_client_certificate_bound_access_tokens: true,
  });
  expect(metadata['mtls_endpoint_aliases']).toEqual({
    token_endpoint: `${listener.url}/token`,
    introspection_endpoint: `${listener.url}/introspect`,
    revocation_endpoint: `${listener.url}/revoke`,
  });
});

describe.each(WAYS)('where TLS ends at %s', (_, connected) => {
  it.each(KINDS)('RFC 8705 §2.1.2: a certificate of the registered %s is the client', async (kind) => {
    for (const client_id of [undefined, `batch-${kind}`]) {
      const answer = await connected(issuedFor(kind)).exchange({ client_id }, null);
      expect([answer.status, answer.body['token_type']]).toEqual([200, 'Bearer']);
    }
  });

  it.each<[string, () => MadeCertificate, Parameters]>([
    ['of another authority', () => issuedFor('san_dns', makeAuthority('Acme Root')), {}],
    ['that signed itself under the name', () => makeCertificate({ dns: 'batch.acme.example' }), {}],
    ['of another name', () => makeCertificate({ issuer: root, dns: 'other.acme.example' }), {}],
    ['of another client than is named', () => batch, { client_id: 'kiosk-7' }],
  ])('RFC 8705 §2.1: a certificate %s is refused', async (_name, certificate, changes) => {
    expectError(await connected(certificate()).exchange(changes, null), '401 invalid_client');
    expect((await connected(batch).exchange({}, null)).status).toBe(200);
  });

  it('RFC 8705 §2.2: a self-signed certificate is the client where it is registered, and no other of its name', async () => {
    expect((await connected(own).exchange({ client_id: 'kiosk-7' }, null)).status).toBe(200);
    const renewed = makeCertificate({ subject: [['CN', 'kiosk 7']] });
    expectError(await connected(renewed).exchange({ client_id: 'kiosk-7' }, null), '401 invalid_client');
  });

  it('check 28, RFC 8705 §2: without client_id a certificate that fits two clients is neither', async () => {
    expectError(await connected(twin).exchange({}, null), '401 invalid_client');
    expect((await connected(twin).exchange({ client_id: 'twin-two' }, null)).status).toBe(200);
  });

  it('RFC 8705 §3: the token is bound to the certificate, and good with that one alone', async () => {
    const token = String((await connected(batch).exchange({}, null)).body['access_token']);
    for (const other of [own.thumbprint, undefined]) {
      expect((await introspected(token, other)).text).toBe('{"active":false}');
    }
    const spent = await introspected(token, batch.thumbprint);
    expect(spent.body).toMatchObject({
      active: true,
      client_id: 'batch-san_dns',
      token_type: 'Bearer',
      cnf: { 'x5t#S256': batch.thumbprint },
    });
    expect((await introspected(token, batch.thumbprint)).text).toBe('{"active":false}');
  });

  it('RFC 8705 §2: an API authenticates so where it introspects, and a client where it revokes', async () => {
    const none = { client_assertion: undefined, client_assertion_type: undefined };
    const answer = await connected(api).post('/introspect', { ...none, token: 'once_nothing' });
    expect([answer.status, answer.body]).toEqual([200, { active: false }]);
    const token = String((await connected(batch).exchange({}, null)).body['access_token']);
    expect((await connected(own).post('/revoke', { token })).status).toBe(200);
    expect((await connected(batch).post('/revoke', { token })).status).toBe(200);
    expect((await introspected(token, batch.thumbprint)).text).toBe('{"active":false}');
  });
});

it('RFC 8705 §5: who has no certificate is served as everywhere, and asked for another proof', async () => {
  const anonymous = new TlsCaller(broker.deployment, listener, null);
  expectError(await anonymous.exchange({ client_id: 'batch-san_dns' }, null), '401 invalid_client');
  const { parameters, proof } = { parameters: broker.caller.parameters(), proof: broker.caller.proof() };
  expect((await anonymous.post('/token', parameters, { DPoP: proof })).status).toBe(200);
});
