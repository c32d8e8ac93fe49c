import { createServer, request as requestHttp, type IncomingMessage, type RequestListener } from 'node:http';
import { createOncekeyClient } from '#client';
import { createGuard, grantOf, oncekeyExpress, oncekeyHttp, oncekeyWeb, type Guard } from '#resource-server';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import { Hono } from 'hono';
import { createWebGuard } from '../../libs/resource-server/src/web/index.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { Records } from '../support/deployment/records.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const REFUND = `${API}/orders/42/refund`;
const OPERATION = { operation: 'orders.refund' };

/** The same API three times: what it was told of the caller, and the body as its handler read it. */
const APIS: Readonly<Record<string, (guard: Guard) => RequestListener>> = {
  Express: (guard) => {
    const app = express();
    app.use(oncekeyExpress({ guard, ...OPERATION }), express.json());
    app.post('/v1/orders/:id/refund', (request, response) => {
      response.json([grantOf(request).subject, request.body]);
    });
    return app;
  },
  'node:http': (guard) => {
    const listener = oncekeyHttp({ guard, ...OPERATION }, (_, response, { grant, body }) => {
      response.end(JSON.stringify([grant.subject, JSON.parse(body.toString())]));
    });
    return (request, response) => void listener(request, response);
  },
  Hono: (guard) => {
    const check = oncekeyWeb({ guard });
    const app = new Hono();
    app.use(async ({ req }, next) => (await check(req.raw, OPERATION)) ?? next());
    app.post('/v1/orders/:id/refund', async (context) =>
      context.json([grantOf(context.req.raw).subject, await context.req.json()]),
    );
    const listener = getRequestListener(app.fetch);
    return (request, response) => void listener(request, response);
  },
};

/** Client, broker and API are the real ones; only the name of the API leads to a port of this machine. */
describe('an API behind each guard', () => {
  let deployment: Deployment;
  let records: Records;
  beforeAll(async () => {
    const { url } = await freshDatabase();
    deployment = await deploy({ databaseUrl: url, servers: { orders: { caller_tokens: true } } });
    records = await Records.open(url);
  }, 60_000);
  afterAll(async () => {
    await records?.close();
    await deployment?.stop();
  });

  /** The last request to the API, to be sent again as it was. */
  let sent: { init: Request; body: Buffer };

  async function sendTo(port: number, { init, body }: typeof sent): Promise<Response> {
    const { pathname: path, host } = new URL(init.url);
    const headers = { ...Object.fromEntries(init.headers), host, 'content-length': body.length };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      requestHttp({ port, host: '127.0.0.1', method: init.method, path, headers }, resolve)
        .on('error', reject)
        .end(body);
    });
    const text = Buffer.concat((await answer.toArray()) as Buffer[]).toString();
    return new Response(text, { status: answer.statusCode ?? 0 });
  }

  function clientFor(port: number) {
    const { client } = deployment.keys;
    return createOncekeyClient({
      issuer: deployment.issuer,
      clientId: 'desk',
      clientKey: { ...client.privateKey.export({ format: 'jwk' }), kty: 'EC', kid: client.kid },
      subjectToken: () => deployment.issuerServer.idToken({}),
      resources: [API],
      fetch: async (input, init) => {
        const request = new Request(input, init);
        if (!request.url.startsWith(API)) return fetch(request);
        sent = { init: request, body: Buffer.from(await request.arrayBuffer()) };
        return sendTo(port, sent);
      },
    });
  }

  const guards: Readonly<Record<string, () => Guard>> = {
    createGuard: () => createGuard({ ...settings(), privateKey: deployment.keys.server.privateKey }),
    createWebGuard: () => {
      const jwk = deployment.keys.server.privateKey.export({ format: 'jwk' });
      return createWebGuard({ ...settings(), privateKey: { ...jwk, kty: 'EC' } });
    },
  };
  const settings = () => ({
    issuer: deployment.issuer,
    clientId: 'orders-api',
    keyId: deployment.keys.server.kid,
    resource: API,
  });

  it.each([
    { api: 'Express', guard: 'createGuard' },
    { api: 'node:http', guard: 'createGuard' },
    { api: 'Hono', guard: 'createGuard' },
    { api: 'Hono', guard: 'createWebGuard' },
  ])(
    '$api with $guard serves each token once, and for its own bytes',
    async ({ api, guard: kind }) => {
      const guard = guards[kind]!();
      const server = createServer(APIS[api]!(guard));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const post = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{ "amount": 5 }',
      };
      try {
        const response = await clientFor(port).fetch(REFUND, post);
        expect([response.status, await response.json()]).toEqual([200, ['ada', { amount: 5 }]]);
        expect((await sendTo(port, sent)).status).toBe(401);

        const client = clientFor(port);
        const token = await client.exchange(new Request(REFUND, post));
        const changed = new Request(REFUND, { ...post, body: '{ "amount": 6 }' });
        expect((await client.call(changed, token)).status).toBe(401);
        expect((await client.call(new Request(REFUND, post), token)).status).toBe(200);
      } finally {
        guard.close();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
    30_000,
  );

  it.each(Object.keys(guards))(
    '%s spends with a caller token once it has one, and goes on when its registration changes',
    async (kind) => {
      const guard = guards[kind]!();
      const server = createServer(APIS['Hono']!(guard));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
      const client = clientFor(port);
      const spentBy = async (): Promise<unknown> => {
        expect((await client.fetch(REFUND, post)).status).toBe(200);
        const [last] = await records.rows<{ method: string }>(
          `SELECT event ->> 'callerMethod' AS method FROM audit_event
            WHERE type = 'token.introspect' AND outcome = 'spent' ORDER BY id DESC LIMIT 1`,
        );
        return last?.method;
      };
      try {
        await eventually(async () => (await spentBy()) === 'caller_token', 20_000);
        await records.rows(
          `UPDATE resource_server SET version = nextval('resource_version') WHERE id = 'orders'`,
        );
        await eventually(async () => (await spentBy()) === 'private_key_jwt', 20_000);
      } finally {
        guard.close();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
    60_000,
  );
});
