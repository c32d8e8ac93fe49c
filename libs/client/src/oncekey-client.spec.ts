import { createHash, generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWK } from 'jose';
import {
  answers,
  closeAll,
  grants,
  neverAnswers,
  serve,
  standInBroker,
  type Seen,
} from '../test/stand-ins.ts';
import type { OncekeyClientOptions } from './client-options.ts';
import { createOncekeyClient } from './oncekey-client.ts';
import type { PrivateJwk } from './signing-key.ts';

const CLIENT_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const CLIENT_JWK = { ...CLIENT_KEY.privateKey.export({ format: 'jwk' }), kid: 'c1' } as PrivateJwk;

function clientOf(issuer: string, options: Partial<OncekeyClientOptions> = {}) {
  return createOncekeyClient({
    issuer,
    clientId: 'desk',
    clientKey: CLIENT_JWK,
    subjectToken: () => 'id.token.ada',
    timeoutMs: 300,
    ...options,
  });
}

async function readAssertion(seen: Seen, issuer: string) {
  return jwtVerify(seen.form.get('client_assertion') ?? '', CLIENT_KEY.publicKey, {
    issuer: 'desk',
    subject: 'desk',
    audience: issuer,
    typ: 'client-authentication+jwt',
    requiredClaims: ['jti', 'iat', 'exp'],
  });
}

async function readProof(text: unknown) {
  const { payload, protectedHeader } = await jwtVerify(String(text), EmbeddedJWK, {
    typ: 'dpop+jwt',
    maxTokenAge: 5,
  });
  const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk as JWK);
  return { payload, thumbprint, jwk: protectedHeader.jwk };
}

afterEach(closeAll);

describe('fetch', () => {
  it('exchanges for exactly this request, then calls the API with the token and a proof', async () => {
    const { issuer, exchanges } = await standInBroker([grants]);
    const calls: Seen[] = [];
    const api = await serve((seen, response) => {
      calls.push(seen);
      answers(200, { refunded: true })(seen, response);
    });
    const client = clientOf(issuer, { requestContext: () => ({ reason: 'ticket 7' }) });
    const body = JSON.stringify({ amount: 5 });
    const response = await client.fetch(`${api}/orders/42/refund?notify=1&x[]=2#top`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-trace': 't' },
    });

    expect([response.status, await response.json()]).toEqual([200, { refunded: true }]);
    const [exchanged] = exchanges;
    const [called] = calls;
    const digest = createHash('sha256').update(body).digest('base64');
    expect(Object.fromEntries(exchanged!.form)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'id.token.ada',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: `${api}/`,
      request_context: '{"reason":"ticket 7"}',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.any(String),
      authorization_details: expect.any(String),
    });
    expect(JSON.parse(exchanged!.form.get('authorization_details') ?? '')).toEqual([
      {
        type: 'http_operation',
        locations: [`${api}/`],
        actions: ['POST'],
        target_uri: `${api}/orders/42/refund?notify=1&x%5B%5D=2`,
        content_digest: { 'sha-256': digest },
        content_type: 'application/json',
      },
    ]);
    const assertion = await readAssertion(exchanged!, issuer);
    expect(assertion.payload.aud).toBe(issuer);
    expect(assertion.protectedHeader.kid).toBe('c1');
    expect(assertion.payload.exp! - Date.now() / 1000).toBeLessThanOrEqual(60);

    const first = await readProof(exchanged!.headers['dpop']);
    expect(first.payload).toMatchObject({ htm: 'POST', htu: `${issuer}/token` });
    expect(first.jwk).not.toHaveProperty('d');
    const second = await readProof(called!.headers['dpop']);
    expect(second.payload).toMatchObject({
      htm: 'POST',
      htu: `${api}/orders/42/refund`,
      ath: createHash('sha256').update('once_abc.def').digest('base64url'),
    });
    expect([first.thumbprint, second.thumbprint]).toEqual(Array(2).fill(await client.thumbprint()));
    expect(called).toMatchObject({ url: '/orders/42/refund?notify=1&x%5B%5D=2', body: Buffer.from(body) });
    expect(called!.headers).toMatchObject({
      authorization: 'DPoP once_abc.def',
      'content-digest': `sha-256=:${digest}:`,
      'content-type': 'application/json',
      'x-trace': 't',
    });
  });

  it('asks for a new token for every request, and for the metadata once', async () => {
    const { issuer, exchanges, discoveries } = await standInBroker([grants]);
    const api = await serve(answers(200, {}));
    const client = clientOf(issuer);
    await Promise.all([client.fetch(`${api}/a`), client.fetch(`${api}/b`)]);
    await client.fetch(`${api}/a`);
    expect([exchanges.length, discoveries()]).toEqual([3, 1]);
    const ids = await Promise.all(
      exchanges.map(async (seen) => (await readAssertion(seen, issuer)).payload.jti),
    );
    expect(new Set(ids).size).toBe(3);
  });

  it.each([401, 500, 503])('calls the API once, even when it answers %d', async (status) => {
    const { issuer, exchanges } = await standInBroker([grants]);
    let calls = 0;
    const api = await serve((seen, response) => {
      calls++;
      answers(status, {}, { 'www-authenticate': 'DPoP error="invalid_token"' })(seen, response);
    });
    const response = await clientOf(issuer).fetch(`${api}/a`);
    expect([response.status, calls, exchanges.length]).toEqual([status, 1, 1]);
  });

  it('hands a redirect to the caller and sends the token nowhere else', async () => {
    const { issuer } = await standInBroker([grants]);
    const urls: string[] = [];
    const api = await serve((seen, response) => {
      urls.push(seen.url);
      answers(307, {}, { location: '/elsewhere' })(seen, response);
    });
    expect((await clientOf(issuer).fetch(`${api}/a`)).status).toBe(307);
    expect(urls).toEqual(['/a']);
  });

  it('does not call the API when there is no token', async () => {
    const { issuer } = await standInBroker([answers(400, { error: 'invalid_authorization_details' })]);
    let calls = 0;
    const api = await serve((seen, response) => {
      calls++;
      answers(200, {})(seen, response);
    });
    await expect(clientOf(issuer).fetch(`${api}/a`)).rejects.toMatchObject({ name: 'OncekeyError' });
    expect(calls).toBe(0);
  });

  it('stops when the caller wants it, with the reason of the caller', async () => {
    const { issuer } = await standInBroker([neverAnswers]);
    const wish = new Error('enough');
    const promise = clientOf(issuer).fetch('https://api.example/', { signal: AbortSignal.abort(wish) });
    await expect(promise).rejects.toBe(wish);
  });
});

describe('call', () => {
  it('sends the same request and token again, each time with a fresh proof', async () => {
    const { issuer } = await standInBroker([grants]);
    const calls: Seen[] = [];
    const api = await serve((seen, response) => {
      calls.push(seen);
      answers(calls.length === 1 ? 200 : 401, {})(seen, response);
    });
    const client = clientOf(issuer);
    const request = new Request(`${api}/orders`, { method: 'POST', body: 'x' });
    const token = await client.exchange(request);
    const statuses = [(await client.call(request, token)).status, (await client.call(request, token)).status];
    expect(statuses).toEqual([200, 401]);
    expect(calls.map(({ body }) => body.toString())).toEqual(['x', 'x']);
    expect(new Set(calls.map(({ headers }) => headers['authorization'])).size).toBe(1);
    expect(new Set(calls.map(({ headers }) => headers['dpop'])).size).toBe(2);
  });

  it('proves the key that it was given', async () => {
    const { issuer } = await standInBroker([grants]);
    const pair = generateKeyPairSync('ed25519');
    const dpopKey = pair.privateKey.export({ format: 'jwk' }) as PrivateJwk;
    const client = clientOf(issuer, { dpopKey });
    const expected = await calculateJwkThumbprint(pair.publicKey.export({ format: 'jwk' }) as JWK);
    expect(await client.thumbprint()).toBe(expected);
  });
});

it('refuses an issuer in the clear', () => {
  expect(() => clientOf('http://broker.example')).toThrow('unacceptable_uri');
});
