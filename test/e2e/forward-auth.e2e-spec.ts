import { Caller, REFUND, DIGEST } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { Records } from '../support/deployment/records.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { rawHttp } from '../support/raw-http.ts';
import { askAs, readToken, registerGateway, readProof, READ_PATH } from '../support/gateway-call.ts';

const GATEWAY = { from: ['127.0.0.1/32'], dialect: 'original' as const };

let deployment: Deployment;
let caller: Caller;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
  records = await Records.open(url);
  await registerGateway(caller, GATEWAY);
}, 60_000);
afterEach(async () => {
  expect((await askAs(caller, await readToken(caller))).status).toBe(200);
});
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

it('lets a request pass once, and tells the API whose it is', async () => {
  const token = await readToken(caller);
  const { status, headers } = await askAs(caller, token);
  expect(status).toBe(200);
  expect(headers.get('x-oncekey-subject')).toBe('ada');
  expect(headers.get('x-oncekey-subject-issuer')).toBe(deployment.issuerServer.url);
  expect(headers.get('x-oncekey-client-id')).toBe('desk');
  expect(headers.get('x-oncekey-operation')).toBe('orders.read');
  expect(headers.get('x-oncekey-txn')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('x-oncekey-jti')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('cache-control')).toBe('no-store');

  const again = await askAs(caller, token);
  expect(again.status).toBe(401);
  expect(again.headers.get('www-authenticate')).toMatch(
    /^DPoP error="invalid_token", .*resource_metadata="https:/,
  );
  const reasonId = again.headers.get('oncekey-reason-id');
  const [row] = await records.rows(
    `SELECT type, reason, event->>'ip' AS ip FROM audit_event WHERE reason_id = $1`,
    [reasonId],
  );
  expect(row).toEqual({ type: 'token.forward_auth', reason: 'token.already_spent', ip: '127.0.0.1' });
});

it('tells a caller without a token how to come back, and nothing else', async () => {
  const { status, headers } = await askAs(caller, '', { authorization: undefined, dpop: undefined });
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toMatch(
    /^DPoP resource_metadata="[^"]*", algs="ES256 PS256 EdDSA"$/,
  );
});

it('lets bodies pass only where somebody looks at them', async () => {
  const refund = async (changes: Record<string, string> = {}) => {
    const token = await caller.token();
    return askAs(caller, token, {
      dpop: caller.apiProof(token, { htm: 'POST', htu: REFUND }),
      'x-original-method': 'POST',
      'x-original-uri': '/v1/orders/42/refund',
      ...changes,
    });
  };
  const digest = `sha-256=:${DIGEST}:`;
  expect((await refund()).status).toBe(401);
  // What a caller claims of its body is not looked at where the gateway does not vouch for it.
  expect((await refund({ 'x-original-content-digest': digest })).status).toBe(401);

  await registerGateway(caller, { ...GATEWAY, body: 'gateway' });
  expect((await refund({ 'x-original-content-digest': digest })).status).toBe(200);
  expect((await refund({ 'x-original-content-digest': digest.replace(/.:$/, 'A:') })).status).toBe(401);
  expect((await refund()).status).toBe(403);

  await registerGateway(caller, { ...GATEWAY, body: 'api' });
  const { status, headers } = await refund();
  expect(status).toBe(200);
  expect(headers.get('x-oncekey-content-digest')).toBe(digest);
  await registerGateway(caller, GATEWAY);
});

it('speaks with Caddy and Traefik in X-Forwarded headers', async () => {
  await registerGateway(caller, { ...GATEWAY, dialect: 'forwarded' });
  const ask = async (changes: Record<string, string | undefined> = {}) => {
    const token = await readToken(caller);
    return askAs(caller, token, {
      'x-original-method': undefined,
      'x-original-uri': undefined,
      'x-forwarded-method': 'GET',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'api.example',
      'x-forwarded-uri': READ_PATH,
      ...changes,
    });
  };
  expect((await ask()).status).toBe(200);
  expect((await ask({ 'x-forwarded-host': 'other.example' })).status).toBe(401);
  expect((await ask({ 'x-forwarded-proto': 'http' })).status).toBe(401);
  expect((await ask({ 'x-forwarded-host': undefined })).status).toBe(403);
  expect((await ask({ 'x-original-uri': READ_PATH, 'x-forwarded-uri': undefined })).status).toBe(403);
  await registerGateway(caller, GATEWAY);
});

it('speaks with Envoy in the path and with the method of the call', async () => {
  await registerGateway(caller, { ...GATEWAY, dialect: 'path' });
  const ask = async (method: string, path: string, host = 'api.example') => {
    const token = await readToken(caller);
    const head = [
      `${method} /forward-auth/orders${path} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: DPoP ${token}`,
      `DPoP: ${readProof(caller, token)}`,
    ];
    return (await rawHttp(Number(new URL(caller.url).port), `${head.join('\r\n')}\r\n\r\n`)).status;
  };
  expect(await ask('GET', READ_PATH)).toBe(200);
  expect(await ask('HEAD', READ_PATH)).toBe(401);
  expect(await ask('DELETE', READ_PATH)).toBe(401);
  expect(await ask('GET', `${READ_PATH}?all`)).toBe(401);
  expect(await ask('GET', `/x/..${READ_PATH}`)).toBe(401);
  expect(await ask('GET', READ_PATH, 'other.example')).toBe(401);
  expect(await ask('GET', '')).toBe(403);
  await registerGateway(caller, GATEWAY);
});
