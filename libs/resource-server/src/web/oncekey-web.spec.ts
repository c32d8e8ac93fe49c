import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { describeAdapter, type AdapterUnderTest } from '../../test/adapter.contract.ts';
import { listen } from '../../test/listen.ts';
import { standInGuard } from '../../test/stand-in-guard.ts';
import { grantOf } from '../grant-of.ts';
import { createWebGuard } from './create-web-guard.ts';
import type { WebPrivateJwk } from './web-assertion-signer.ts';
import { oncekeyWeb } from './oncekey-web.ts';

const start: AdapterUnderTest['start'] = async (guard) => {
  let served = 0;
  const check = oncekeyWeb({ guard, maxBodyBytes: 1000 });
  const app = new Hono();
  app.use(async ({ req }, next) => {
    const operation = req.path === '/refunds' ? { operation: 'orders.refund' } : {};
    return (await check(req.raw, operation)) ?? next();
  });
  for (const path of ['/orders', '/refunds']) {
    app.all(path, async (context) => {
      served++;
      return context.json({ subject: grantOf(context.req.raw).subject, body: await context.req.text() });
    });
  }
  const listener = getRequestListener(app.fetch);
  const server = createServer((request, response) => void listener(request, response));
  return { ...(await listen(server)), served: () => served };
};

describeAdapter('oncekeyWeb below Hono', { start, hidesAbsoluteForm: true });

const privateKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as WebPrivateJwk;

describeAdapter('oncekeyWeb below Hono, without modules of Node', {
  start,
  hidesAbsoluteForm: true,
  makeGuard: (settings) => createWebGuard({ ...settings, privateKey }),
});

describe('oncekeyWeb', () => {
  const guard = standInGuard();
  const check = oncekeyWeb({ guard });
  const URL_OF_ORDERS = 'https://api.example/orders?x=%7e';
  const post = (headers: Record<string, string>, body = '{"a":1}') =>
    new Request(URL_OF_ORDERS, { method: 'POST', headers, body });

  it('leaves the body to be read, and remembers the grant with the request', async () => {
    const request = post({ authorization: 'DPoP once_x' });
    await expect(check(request)).resolves.toBeNull();
    await expect(request.json()).resolves.toEqual({ a: 1 });
    expect(grantOf(request).subject).toBe('ada');
    expect(guard.shown.at(-1)).toMatchObject({ method: 'POST', rawUrl: '/orders?x=%7e' });
    expect(Buffer.from(guard.shown.at(-1)?.rawBody ?? []).toString()).toBe('{"a":1}');
  });

  it('tells an empty query from none', async () => {
    await check(new Request('https://api.example/orders?', { headers: { authorization: 'DPoP once_x' } }));
    expect(guard.shown.at(-1)?.rawUrl).toBe('/orders?');
  });

  it('answers with the refusal', async () => {
    const response = await check(post({}));
    expect([response?.status, await response?.json()]).toEqual([
      401,
      { error: 'invalid_token', error_description: expect.any(String) },
    ]);
    expect(response?.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('says nothing in the body to HEAD', async () => {
    const response = await check(new Request(URL_OF_ORDERS, { method: 'HEAD' }));
    expect([response?.status, await response?.text()]).toEqual([401, '']);
  });

  it('stops reading at the limit', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(100_000));
      },
    });
    const init = { method: 'POST', body: endless, duplex: 'half' as const };
    expect((await check(new Request(URL_OF_ORDERS, init)))?.status).toBe(413);
    expect(pulled).toBeLessThan(20);
  });

  it('refuses to judge a body that somebody has read', async () => {
    const request = post({ authorization: 'DPoP once_x' });
    await request.text();
    await expect(check(request)).rejects.toThrow(TypeError);
  });
});
