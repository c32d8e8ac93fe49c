import { createHmac, createPublicKey } from 'node:crypto';
import { createServer } from 'node:https';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerProcess } from '../support/deployment/broker-process.ts';
import { Caller, type Answer, type Parameters } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { seedFiles } from '../support/deployment/seed-files.ts';
import { makeSigningKey, segment, signJwt, type SigningKey } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { answerJson, LocalServers } from '../support/local-servers.ts';
import { selfSignedCertificate } from '../support/self-signed-certificate.ts';

const BOM = '\ufeff';
const READ = `${API}/orders/42`;
const PROPAGATION_MS = 5_000;
let deployment: Deployment;
let caller: Caller;
const servers = new LocalServers();

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
  await caller.learnNonce();
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await servers.closeAll();
  await deployment.stop();
});

const clientDocument = (client_id: string, jwks: unknown, providers = ['corp']): object => ({
  client_id,
  jwks,
  identity_providers: providers.map((id) => ({ id, audiences: ['desk-app'] })),
  resource_servers: ['orders'],
});

const pemOf = ({ publicJwk }: SigningKey): string =>
  createPublicKey({ key: publicJwk as never, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();

/** A public key in every spelling in which software has taken it for the secret of an HMAC. */
function secretsOf(key: SigningKey): (string | Buffer)[] {
  const pem = pemOf(key);
  const texts = [
    pem,
    JSON.stringify(key.publicJwk),
    `${String(key.publicJwk['x'])}${String(key.publicJwk['y'])}`,
  ];
  return [
    ...texts.flatMap((text) => [
      text,
      text.trimEnd(),
      ` ${text}`,
      `\n${text}`,
      BOM + text,
      text.replaceAll('\n', '\r\n'),
    ]),
    createPublicKey(pem).export({ type: 'spki', format: 'der' }),
  ];
}

/** A client assertion that is authenticated with nothing but the public key. */
function forged(clientId: string, key: SigningKey, secret: string | Buffer): string {
  const [, payload = ''] = caller.assertion({ iss: clientId, sub: clientId }, {}, key).split('.');
  const input = `${segment({ alg: 'HS256', typ: 'client-authentication+jwt', kid: key.kid })}.${payload}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** An exchange of another client than the caller is used to: it has to learn a nonce of its own. */
async function exchangeAs(at: Caller, changes: () => Parameters): Promise<Answer> {
  const first = await at.exchange(changes(), at.proof({ nonce: undefined }));
  const nonce = first.headers.get('dpop-nonce');
  return nonce === null ? first : at.exchange(changes(), at.proof({ nonce }));
}

describe('J-03 keys in files with blanks, byte order marks and CRLF', () => {
  it.each<{ name: string; client: string; write: (yaml: string) => string }>([
    { name: 'a byte order mark in front', client: 'with-bom', write: (yaml) => BOM + yaml },
    { name: 'CRLF', client: 'with-crlf', write: (yaml) => yaml.replaceAll('\n', '\r\n') },
    { name: 'blank lines in front', client: 'with-blanks', write: (yaml) => `\n \n\n${yaml} \n` },
    {
      name: 'all of it',
      client: 'with-all',
      write: (yaml) => `${BOM}\r\n\r\n${yaml.replaceAll('\n', ' \r\n')}`,
    },
  ])('$name: the key is the same key, and no spelling of it is a secret', async ({ client, write }) => {
    const key = makeSigningKey();
    const yaml = JSON.stringify([clientDocument(client, { keys: [key.publicJwk] })], null, 2);
    await seedFiles({ 'clients.yaml': write(yaml) }, deployment.env);
    const good = (): Promise<Answer> =>
      exchangeAs(caller, () => ({
        client_assertion: caller.assertion({ iss: client, sub: client }, {}, key),
      }));
    await eventually(async () => (await good()).status === 200, PROPAGATION_MS);
    for (const secret of secretsOf(key)) {
      const answer = await caller.exchange({ client_assertion: forged(client, key, secret) });
      expect(`${answer.status} ${String(answer.body['error'])}`).toBe('401 invalid_client');
    }
    expect((await good()).status).toBe(200);
  });

  const spoilt = makeSigningKey();
  const x = String(spoilt.publicJwk['x']);
  it.each<[string, unknown]>([
    ['a PEM', pemOf(spoilt)],
    ['a PEM with a byte order mark', BOM + pemOf(spoilt)],
    ['a PEM with CRLF and blanks', `  ${pemOf(spoilt).replaceAll('\n', '\r\n')}`],
    ['a set that holds a PEM', { keys: [pemOf(spoilt)] }],
    ['a blank in a coordinate', { keys: [{ ...spoilt.publicJwk, x: ` ${x}` }] }],
    ['a line end in a coordinate', { keys: [{ ...spoilt.publicJwk, x: `${x}\r\n` }] }],
    ['a byte order mark in a coordinate', { keys: [{ ...spoilt.publicJwk, x: BOM + x }] }],
    ['a secret', { keys: [{ kty: 'oct', k: Buffer.from(pemOf(spoilt)).toString('base64url') }] }],
    ['an empty secret', { keys: [{ kty: 'oct', k: '' }] }],
  ])('%s where the keys belong is refused when it is loaded', async (_, jwks) => {
    const files = { 'clients.yaml': JSON.stringify([clientDocument('spoilt', jwks)]) };
    await expect(seedFiles(files, deployment.env)).rejects.toThrow(/clients\.yaml.*jwks/);
  });
});

describe('K-24 only the very issuers that are configured', () => {
  it('an enterprise slug of a configured issuer is another issuer, though it signs with the same keys', async () => {
    expect((await caller.exchange()).status).toBe(200);
    const asked = deployment.issuerServer.requests;
    for (const suffix of ['/acme', '/acme/', '/', '/acme/../', '#acme', '?enterprise=acme', ':443/acme']) {
      const subject_token = deployment.issuerServer.idToken({ iss: deployment.issuerServer.url + suffix });
      const answer = await caller.exchange({ subject_token });
      expect(`${answer.status} ${String(answer.body['error'])}`).toBe('400 invalid_request');
    }
    expect(deployment.issuerServer.requests).toBe(asked);
  });

  it('an issuer behind a CA of the cluster is not believed until the broker is told of that CA', async () => {
    const day = 86_400_000;
    const wishes = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
    const tls = selfSignedCertificate({ host: 'localhost', ...wishes });
    const key = makeSigningKey();
    const server = createServer(tls, (request, response) =>
      answerJson(
        response,
        request.url === '/jwks' ? { keys: [key.publicJwk] } : { issuer, jwks_uri: `${issuer}/jwks` },
      ),
    );
    server.on('tlsClientError', () => undefined);
    const issuer = `https://localhost:${await servers.listen(server)}`;
    const client = makeSigningKey();
    await seedFiles(
      {
        'identity-providers.yaml': JSON.stringify([{ id: 'cluster', issuer }]),
        'clients.yaml': JSON.stringify([
          clientDocument('in-cluster', { keys: [client.publicJwk] }, ['cluster']),
        ]),
      },
      deployment.env,
    );
    const exchangeAt = async (at: Caller): Promise<Answer> => {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer, sub: 'pod', aud: 'desk-app', iat: now, exp: now + 60, auth_time: now };
      return exchangeAs(at, () => ({
        client_assertion: at.assertion({ iss: 'in-cluster', sub: 'in-cluster' }, {}, client),
        subject_token: signJwt({ kid: key.kid }, claims, key),
        authorization_details: at.details({ actions: ['GET'], target_uri: READ, content_digest: undefined }),
      }));
    };
    await eventually(async () => (await exchangeAt(caller)).status !== 401, PROPAGATION_MS);
    const unknown = await exchangeAt(caller);
    expect([unknown.status, unknown.body['error']]).toEqual([503, 'temporarily_unavailable']);

    const folder = mkdtempSync(join(tmpdir(), 'oncekey-ca-'));
    writeFileSync(join(folder, 'ca.pem'), tls.cert);
    const env = { ...deployment.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
    const told = BrokerProcess.start(await freePort(), env);
    try {
      await told.ready();
      const atTold = new Caller({ ...deployment, brokers: [told] });
      await atTold.learnNonce();
      expect((await exchangeAt(atTold)).status).toBe(200);
    } finally {
      await told.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
