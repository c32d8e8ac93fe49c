import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWK } from 'jose';
import { createOncekeyClient } from './oncekey-client.ts';
import type { OncekeyClientOptions } from './client-options.ts';
import type { OncekeyError } from './oncekey-error.ts';
import type { PrivateJwk } from './signing-key.ts';

const CLIENT_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const CLIENT_JWK = { ...CLIENT_KEY.privateKey.export({ format: 'jwk' }), kid: 'c1' } as PrivateJwk;

interface Seen {
  headers: IncomingMessage['headers'];
  form: URLSearchParams;
  method: string;
  url: string;
  body: Buffer;
}
type Handler = (seen: Seen, response: ServerResponse) => void | Promise<void>;

const servers: Server[] = [];

async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { headers, method = '', url = '' } = request;
      void handler({ headers, method, url, body, form: new URLSearchParams(body.toString()) }, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

const GRANTED = {
  access_token: 'once_abc.def',
  issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  token_type: 'DPoP',
  expires_in: 15,
  authorization_details: [{ type: 'http_operation' }],
};

/** A broker that serves its metadata and answers exchanges one after the other; the last answer is repeated. */
async function broker(answers: Handler[], metadata: (issuer: string) => object = metadataOf) {
  const exchanges: Seen[] = [];
  let discoveries = 0;
  const issuer = await serve((seen, response) => {
    if (seen.url === '/.well-known/oauth-authorization-server') {
      discoveries++;
      return reply(response, 200, metadata(issuer));
    }
    exchanges.push(seen);
    return (answers[exchanges.length - 1] ?? answers.at(-1))?.(seen, response);
  });
  return { issuer, exchanges, discoveries: () => discoveries };
}

const metadataOf = (issuer: string): object => ({ issuer, token_endpoint: `${issuer}/token` });
const grants: Handler = (_, response) => reply(response, 200, GRANTED, { 'dpop-nonce': 'n-next' });
const refuses =
  (status: number, body: object, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    reply(response, status, body, headers);
const asksForNonce = refuses(400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': 'n-1' });
const hangsUp: Handler = (_, response) => void response.socket?.destroy();
const neverAnswers: Handler = () => undefined;

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

const failureOf = (promise: Promise<unknown>): Promise<OncekeyError> =>
  promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (failure: OncekeyError) => failure,
  );

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

describe('fetch', () => {
  it('exchanges for exactly this request, then calls the API with the token and a proof', async () => {
    const { issuer, exchanges } = await broker([grants]);
    const calls: Seen[] = [];
    const api = await serve((seen, response) => {
      calls.push(seen);
      reply(response, 200, { refunded: true });
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
    const { issuer, exchanges, discoveries } = await broker([grants]);
    const api = await serve((_, response) => reply(response, 200, {}));
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
    const { issuer, exchanges } = await broker([grants]);
    let calls = 0;
    const api = await serve((_, response) => {
      calls++;
      reply(response, status, {}, { 'www-authenticate': 'DPoP error="invalid_token"' });
    });
    const response = await clientOf(issuer).fetch(`${api}/a`);
    expect([response.status, calls, exchanges.length]).toEqual([status, 1, 1]);
  });

  it('hands a redirect to the caller and sends the token nowhere else', async () => {
    const { issuer } = await broker([grants]);
    const urls: string[] = [];
    const api = await serve((seen, response) => {
      urls.push(seen.url);
      reply(response, 307, {}, { location: '/elsewhere' });
    });
    expect((await clientOf(issuer).fetch(`${api}/a`)).status).toBe(307);
    expect(urls).toEqual(['/a']);
  });

  it('does not call the API when there is no token', async () => {
    const { issuer } = await broker([refuses(400, { error: 'invalid_authorization_details' })]);
    let calls = 0;
    const api = await serve((_, response) => {
      calls++;
      reply(response, 200, {});
    });
    await failureOf(clientOf(issuer).fetch(`${api}/a`));
    expect(calls).toBe(0);
  });

  it('stops when the caller wants it, with the reason of the caller', async () => {
    const { issuer } = await broker([neverAnswers]);
    const wish = new Error('enough');
    const promise = clientOf(issuer).fetch('https://api.example/', { signal: AbortSignal.abort(wish) });
    await expect(promise).rejects.toBe(wish);
  });
});

describe('exchange', () => {
  const request = () => new Request('https://api.example/orders', { method: 'POST', body: 'x' });

  it('DP-12 answers a demand for a nonce once, with a fresh assertion and proof and the same subject token', async () => {
    const { issuer, exchanges } = await broker([asksForNonce, grants]);
    const subjectToken = jest.fn(() => Promise.resolve(`id.${randomUUID()}`));
    await clientOf(issuer, { subjectToken }).exchange(request());
    const proofs = await Promise.all(exchanges.map((seen) => readProof(seen.headers['dpop'])));
    expect(proofs.map(({ payload }) => payload['nonce'])).toEqual([undefined, 'n-1']);
    expect(new Set(proofs.map(({ payload }) => payload.jti)).size).toBe(2);
    expect(new Set(exchanges.map(({ form }) => form.get('client_assertion'))).size).toBe(2);
    expect(new Set(exchanges.map(({ form }) => form.get('subject_token'))).size).toBe(1);
    expect(subjectToken).toHaveBeenCalledTimes(1);
  });

  it('DP-30 uses the nonce of the last answer', async () => {
    const { issuer, exchanges } = await broker([asksForNonce, grants]);
    const client = clientOf(issuer);
    await client.exchange(request());
    await client.exchange(request());
    expect((await readProof(exchanges[2]!.headers['dpop'])).payload['nonce']).toBe('n-next');
    expect(exchanges).toHaveLength(3);
  });

  it('gives up when the broker asks for a nonce twice', async () => {
    const { issuer, exchanges } = await broker([asksForNonce]);
    expect(await failureOf(clientOf(issuer).exchange(request()))).toMatchObject({
      code: 'use_dpop_nonce',
      status: 400,
    });
    expect(exchanges).toHaveLength(2);
  });

  it.each<{ name: string; passing: Handler }>([
    { name: '503', passing: refuses(503, { error: 'temporarily_unavailable' }, { 'retry-after': '0' }) },
    {
      name: '503 of something in between',
      passing: (_, response) => void response.writeHead(503).end('<html>'),
    },
    { name: 'a broken connection', passing: hangsUp },
    { name: 'a timeout', passing: neverAnswers },
  ])('repeats the exchange once after $name', async ({ passing }) => {
    const good = await broker([passing, grants]);
    await expect(clientOf(good.issuer).exchange(request())).resolves.toMatchObject({
      accessToken: 'once_abc.def',
    });
    const bad = await broker([passing]);
    await failureOf(clientOf(bad.issuer).exchange(request()));
    expect([good.exchanges.length, bad.exchanges.length]).toEqual([2, 2]);
  });

  it('does not wait for a broker that wants to be left alone for long', async () => {
    const { issuer, exchanges } = await broker([
      refuses(503, { error: 'temporarily_unavailable' }, { 'retry-after': '120' }),
    ]);
    const failure = await failureOf(clientOf(issuer).exchange(request()));
    expect(failure).toMatchObject({ code: 'temporarily_unavailable', status: 503, retryAfterSeconds: 120 });
    expect(exchanges).toHaveLength(1);
  });

  it('tells what a step-up demands', async () => {
    const { issuer } = await broker([
      refuses(
        400,
        {
          error: 'insufficient_user_authentication',
          error_description: 'more',
          acr_values: 'phr phrh',
          max_age: 300,
        },
        { 'oncekey-reason-id': 'r-1' },
      ),
    ]);
    expect(await failureOf(clientOf(issuer).exchange(request()))).toMatchObject({
      name: 'OncekeyError',
      code: 'insufficient_user_authentication',
      description: 'more',
      reasonId: 'r-1',
      stepUp: { acrValues: ['phr', 'phrh'], maxAgeSeconds: 300 },
    });
  });

  it.each<{ name: string; answer: Handler }>([
    { name: 'a bearer token', answer: refuses(200, { ...GRANTED, token_type: 'Bearer' }) },
    { name: 'no token type', answer: refuses(200, { ...GRANTED, token_type: undefined }) },
    {
      name: 'a token that would break the header',
      answer: refuses(200, { ...GRANTED, access_token: 'a\r\nb: c' }),
    },
    { name: 'no lifetime', answer: refuses(200, { ...GRANTED, expires_in: undefined }) },
    { name: 'no details', answer: refuses(200, { ...GRANTED, authorization_details: undefined }) },
    { name: 'an array', answer: refuses(200, [GRANTED] as object) },
    { name: '201', answer: refuses(201, GRANTED) },
    { name: 'a redirect', answer: refuses(307, {}, { location: 'https://evil.example/' }) },
    { name: 'an error page', answer: (_, response) => void response.writeHead(502).end('<html>') },
  ])('takes no token from $name', async ({ answer }) => {
    const { issuer } = await broker([answer]);
    expect(await failureOf(clientOf(issuer).exchange(request()))).toMatchObject({
      code: 'unexpected_answer',
    });
  });

  it.each<{ name: string; metadata: (issuer: string) => object; code: string }>([
    {
      name: 'of another issuer',
      metadata: (i) => ({ ...metadataOf(i), issuer: `${i}/` }),
      code: 'wrong_issuer',
    },
    { name: 'without a token endpoint', metadata: (issuer) => ({ issuer }), code: 'unexpected_answer' },
    {
      name: 'with a token endpoint in the clear',
      metadata: (issuer) => ({ issuer, token_endpoint: 'http://broker.example/token' }),
      code: 'unexpected_answer',
    },
  ])('does not believe metadata $name, and asks again the next time', async ({ metadata, code }) => {
    const { issuer, exchanges, discoveries } = await broker([grants], metadata);
    const client = clientOf(issuer);
    expect(await failureOf(client.exchange(request()))).toMatchObject({ code });
    await failureOf(client.exchange(request()));
    expect([exchanges.length, discoveries()]).toEqual([0, 2]);
  });

  it.each<{ name: string; options: Partial<OncekeyClientOptions>; url: string; resource: string | null }>([
    {
      name: 'the longest resource that matches',
      options: { resources: ['https://a.example', 'https://a.example/v1'] },
      url: 'https://a.example/v1/x',
      resource: 'https://a.example/v1',
    },
    {
      name: 'the resource in canonical form',
      options: { resources: ['https://A.example:443'] },
      url: 'https://a.example/x',
      resource: 'https://a.example/',
    },
    {
      name: 'what resourceFor says',
      options: { resourceFor: () => 'https://a.example/api' },
      url: 'https://a.example/api/x',
      resource: 'https://a.example/api',
    },
    {
      name: 'no resource that was not named',
      options: { resources: ['https://a.example'] },
      url: 'https://b.example/',
      resource: null,
    },
  ])('names $name', async ({ options, url, resource }) => {
    const { issuer, exchanges } = await broker([grants]);
    const outcome = await clientOf(issuer, options)
      .exchange(new Request(url))
      .then(
        () => exchanges[0]?.form.get('resource'),
        (failure: OncekeyError) => failure.code,
      );
    expect(outcome).toBe(resource ?? 'unacceptable_uri');
  });

  it('says that nobody was there', async () => {
    const { issuer } = await broker([grants]);
    const [server] = servers;
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    expect(await failureOf(clientOf(issuer).exchange(request()))).toMatchObject({
      code: 'unreachable',
      status: null,
    });
  });
});

describe('call', () => {
  it('sends the same request and token again, each time with a fresh proof', async () => {
    const { issuer } = await broker([grants]);
    const calls: Seen[] = [];
    const api = await serve((seen, response) => {
      calls.push(seen);
      reply(response, calls.length === 1 ? 200 : 401, {});
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
    const { issuer } = await broker([grants]);
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
