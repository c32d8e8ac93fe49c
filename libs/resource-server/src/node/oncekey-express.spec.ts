import { createServer } from 'node:http';
import express from 'express';
import { describeAdapter } from '../../test/adapter.contract.ts';
import { listen } from '../../test/listen.ts';
import { standInGuard } from '../../test/stand-in-guard.ts';
import { grantOf } from '../grant-of.ts';
import { oncekeyExpress } from './oncekey-express.ts';

const asText = express.text({ type: '*/*', limit: '10mb' });

describeAdapter('oncekeyExpress', {
  start: async (guard) => {
    let served = 0;
    const app = express();
    const echo: express.RequestHandler = (request, response) => {
      served++;
      const body: unknown = typeof request.body === 'string' ? request.body : '';
      response.json({ subject: grantOf(request).subject, body });
    };
    const refunds = oncekeyExpress({ guard, maxBodyBytes: 1000, operation: 'orders.refund' });
    app.all('/refunds', refunds, asText, echo);
    app.use(oncekeyExpress({ guard, maxBodyBytes: 1000 }), asText);
    app.all('/orders', echo);
    return { ...(await listen(createServer(app))), served: () => served };
  },
});

describe('oncekeyExpress', () => {
  const AUTHORIZED = { authorization: 'DPoP once_x', 'content-type': 'application/json' };
  const guard = standInGuard();
  let running: Awaited<ReturnType<typeof listen>>;

  async function serve(build: (app: express.Express) => void): Promise<string> {
    const app = express();
    app.set('env', 'test');
    build(app);
    app.post('/below/orders', (request, response) => {
      response.json({ subject: grantOf(request).subject, body: request.body as unknown });
    });
    running = await listen(createServer(app));
    return `http://127.0.0.1:${running.port}`;
  }
  afterEach(() => running.stop());

  it('leaves the content to the parsers behind it, and reads large bodies', async () => {
    const origin = await serve((app) => {
      app.use(oncekeyExpress({ guard }));
      app.use(express.json({ limit: '1mb' }));
    });
    const body = JSON.stringify(Array.from({ length: 50_000 }, (_, index) => index));
    const answer = await fetch(`${origin}/below/orders`, { method: 'POST', headers: AUTHORIZED, body });
    expect([answer.status, JSON.stringify(((await answer.json()) as { body: unknown }).body)]).toEqual([
      200,
      body,
    ]);
    expect(guard.shown.at(-1)?.rawBody).toEqual(Buffer.from(body));
  });

  it('shows the URL that the caller asked for where it is mounted below a path', async () => {
    const origin = await serve((app) => app.use('/below', oncekeyExpress({ guard })));
    await fetch(`${origin}/below/orders?x=1`, { method: 'POST', headers: AUTHORIZED });
    expect(guard.shown.at(-1)?.rawUrl).toBe('/below/orders?x=1');
  });

  it('lets nobody through when a parser has read the body before it', async () => {
    const asked = guard.shown.length;
    const origin = await serve((app) => app.use(express.json(), oncekeyExpress({ guard })));
    const answer = await fetch(`${origin}/below/orders`, {
      method: 'POST',
      headers: AUTHORIZED,
      body: '{"a":1}',
    });
    expect([answer.status, guard.shown.length]).toEqual([500, asked]);
  });

  it('leaves requests open that the application says are', async () => {
    const origin = await serve((app) => {
      app.use(oncekeyExpress({ guard, isOpen: ({ path }: express.Request) => path === '/health' }));
      app.get('/health', (_, response) => void response.send('ok'));
    });
    expect((await fetch(`${origin}/health`)).status).toBe(200);
    expect((await fetch(`${origin}/below/orders`, { method: 'POST' })).status).toBe(401);
  });
});
