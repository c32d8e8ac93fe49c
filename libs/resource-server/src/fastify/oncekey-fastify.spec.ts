import { generateKeyPairSync } from 'node:crypto';
import { connect, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { describeAdapter } from '../../test/adapter.contract.ts';
import { standInGuard } from '../../test/stand-in-guard.ts';
import { createGuard } from '../guard.ts';
import { grantOf } from '../grant-of.ts';
import { oncekeyFastify } from './oncekey-fastify.ts';

describeAdapter('oncekeyFastify', {
  start: async (guard) => {
    let served = 0;
    const api = Fastify({ bodyLimit: 1000 });
    await api.register(oncekeyFastify, { guard });
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
    const echo = (request: FastifyRequest) => {
      served++;
      return { subject: grantOf(request).subject, body: request.body ?? '' };
    };
    api.all('/orders', echo);
    api.all('/refunds', { config: { oncekey: { operation: 'orders.refund' } } }, echo);
    const { port } = new URL(await api.listen({ port: 0, host: '127.0.0.1' }));
    return { port: Number(port), served: () => served, stop: () => api.close() };
  },
});

const AUTHORIZED = { authorization: 'DPoP once_x' };

let app: FastifyInstance;
let guard: ReturnType<typeof standInGuard>;
let served: unknown[];

beforeEach(async () => {
  app = Fastify({ bodyLimit: 1000, rewriteUrl: ({ url = '' }) => url.replace('/old', '/orders') });
  guard = standInGuard();
  served = [];
  await app.register(oncekeyFastify, { guard });
  app.all('/orders', (request) => {
    served.push(request.body);
    return { subject: grantOf(request).subject };
  });
  app.get('/health', { config: { oncekey: false } }, () => 'ok');
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body, done) =>
    done(null, body),
  );
});

afterEach(() => app.close());

describe('oncekeyFastify', () => {
  it('shows the guard the bytes that came, and the handler what they mean', async () => {
    const payload = '{ "a" : 1 }\n';
    const answer = await app.inject({
      method: 'POST',
      url: '/orders?x=%7e',
      payload,
      headers: { ...AUTHORIZED, 'content-type': 'application/json' },
    });
    expect([answer.statusCode, answer.json()]).toEqual([200, { subject: 'ada' }]);
    expect(served).toEqual([{ a: 1 }]);
    expect(guard.shown).toMatchObject([
      { method: 'POST', rawUrl: '/orders?x=%7e', rawBody: Buffer.from(payload) },
    ]);
  });

  it('lets nothing of a refused request reach a parser or a handler', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/orders',
      payload: '{"broken',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({ error: 'invalid_token', error_description: expect.any(String) });
    expect(answer.headers).toMatchObject({
      'www-authenticate': expect.stringContaining('error="invalid_token"'),
      'oncekey-reason-id': 'r-1',
      'cache-control': 'no-store',
    });
    expect(served).toEqual([]);
  });

  it('does so however slowly the answer leaves', async () => {
    app.addHook('onSend', async (_, __, payload) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return payload;
    });
    expect((await app.inject({ method: 'POST', url: '/orders' })).statusCode).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(served).toEqual([]);
  });

  it('I-38 shows packed bytes as they came', async () => {
    const payload = gzipSync('{"a":1}');
    await app.inject({
      method: 'POST',
      url: '/orders',
      payload,
      headers: { ...AUTHORIZED, 'content-encoding': 'gzip', 'content-type': 'application/octet-stream' },
    });
    expect(guard.shown).toMatchObject([{ rawBody: payload }]);
  });

  it('shows the body of a method that has none by custom', async () => {
    await app.inject({ method: 'GET', url: '/orders', payload: 'x', headers: AUTHORIZED });
    expect(guard.shown).toMatchObject([{ method: 'GET', rawBody: Buffer.from('x') }]);
  });

  it('shows the URL that the caller asked for, not what it was rewritten to', async () => {
    expect((await app.inject({ url: '/old', headers: AUTHORIZED })).statusCode).toBe(200);
    expect(guard.shown).toMatchObject([{ rawUrl: '/old' }]);
  });

  it('refuses a body above the limit before anybody is asked', async () => {
    const payload = 'x'.repeat(1001);
    const answer = await app.inject({ method: 'POST', url: '/orders', payload, headers: AUTHORIZED });
    expect([answer.statusCode, guard.shown.length]).toEqual([413, 0]);
    expect(answer.headers['connection']).toBe('close');
  });

  it('leaves a route open that says so, and an unknown route closed', async () => {
    expect((await app.inject('/health')).statusCode).toBe(200);
    expect((await app.inject('/unknown')).statusCode).toBe(401);
  });

  it('guards its scope and no other', async () => {
    const outer = Fastify();
    await outer.register(async (scope) => {
      await scope.register(oncekeyFastify, { guard });
      scope.get('/inside', (request) => grantOf(request).subject);
    });
    outer.get('/outside', (request) => grantOf(request).subject);
    expect((await outer.inject('/inside')).statusCode).toBe(401);
    expect((await outer.inject({ url: '/inside', headers: AUTHORIZED })).body).toBe('ada');
    expect((await outer.inject({ url: '/outside', headers: AUTHORIZED })).statusCode).toBe(500);
    await outer.close();
  });
});

describe('over a socket', () => {
  async function send(text: string): Promise<string> {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('end', () => resolve(answer));
      socket.on('error', reject);
    });
  }

  it('I-38 puts chunks together', async () => {
    const answer = await send(
      'POST /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: DPoP x\r\n' +
        'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(guard.shown).toMatchObject([{ rawBody: Buffer.from('[1,2]') }]);
    expect(served).toEqual([[1, 2]]);
  });

  it('answers a body that goes on for too long', async () => {
    const chunk = `3e8\r\n${'x'.repeat(1000)}\r\n`;
    const answer = await send(
      `POST /orders HTTP/1.1\r\nHost: a\r\nAuthorization: DPoP x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(served).toEqual([]);
  });

  it('I-37 shows what Node would have dropped or joined', async () => {
    await send(
      'GET /orders HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\nAuthorization: DPoP x\r\n' +
        'Authorization: DPoP y\r\nDPoP: p\r\nDPoP: q\r\n\r\n',
    );
    expect(guard.shown[0]?.rawHeaders).toEqual(
      ['Host', 'a', 'Host', 'b', 'Connection', 'close', 'Authorization', 'DPoP x'].concat([
        'Authorization',
        'DPoP y',
        'DPoP',
        'p',
        'DPoP',
        'q',
      ]),
    );
  });
});

it('fails closed when there is no broker', async () => {
  const real = createGuard({
    issuer: 'http://127.0.0.1:9',
    clientId: 'orders-api',
    privateKey: generateKeyPairSync('ed25519').privateKey,
    resource: 'http://localhost/',
  });
  const closed = Fastify();
  await closed.register(oncekeyFastify, { guard: real });
  closed.get('/orders', () => 'served');
  const headers = { host: 'localhost', authorization: 'DPoP once_x', dpop: 'a.b.c' };
  const answer = await closed.inject({ url: '/orders', headers });
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
  await closed.close();
  real.close();
});
