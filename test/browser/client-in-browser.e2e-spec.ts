import { createServer, type Server } from 'node:http';
import { createGuard, grantOf, oncekeyExpress, type Guard } from '#resource-server';
import express from 'express';
import { chromium, type Browser, type BrowserContext, type Page as Tab } from 'playwright-core';
import { isInstalled } from '../support/installed.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { NodeProcess } from '../support/deployment/node-process.ts';
import { seedFiles } from '../support/deployment/seed-files.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import type { Page } from './page.ts';
import { appServer } from './serve-app.ts';

declare const window: { app: Page };

const PATIENCE_MS = 60_000;

/** A page, a real OpenID provider, a broker and an API behind a guard: four origins. */
(isInstalled('chromium') ? describe : describe.skip)('the client in a browser', () => {
  let deployment: Deployment;
  let identityProvider: NodeProcess;
  let guard: Guard;
  let browser: Browser;
  let context: BrowserContext;
  let tab: Tab;
  let app: string;
  const servers: Server[] = [];
  const served: string[] = [];

  const serve = async (server: Server, port: number): Promise<void> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  };

  beforeAll(async () => {
    const [appPort, apiPort, providerPort] = await Promise.all([freePort(), freePort(), freePort()]);
    app = `http://127.0.0.1:${appPort}`;
    const api = `http://127.0.0.1:${apiPort}/v1`;
    const provider = `http://127.0.0.1:${providerPort}`;
    identityProvider = NodeProcess.start(
      ['test/browser/identity-provider.js', String(providerPort), 'web-app', `${app}/signed-in`],
      {},
    );
    const { url } = await freshDatabase();
    deployment = await deploy({ databaseUrl: url, servers: { orders: { resource: api } } });
    const attester = makeSigningKey();
    const clientNamed = (id: string, origins: readonly string[]): object => ({
      client_id: id,
      attestation: { jwks: { keys: [attester.publicJwk] } },
      identity_providers: [{ id: 'web', audiences: ['web-app'] }],
      resource_servers: ['orders'],
      browser_origins: origins,
    });
    await seedFiles(
      {
        'identity-providers.yaml': JSON.stringify([{ id: 'web', issuer: provider }]),
        'clients.yaml': JSON.stringify([clientNamed('web-app', [app])]),
      },
      deployment.env,
    );
    const { privateKey, kid } = deployment.keys.server;
    guard = createGuard({
      issuer: deployment.issuer,
      clientId: 'orders-api',
      privateKey,
      keyId: kid,
      resource: api,
    });
    const orders = express();
    orders.use((request, response, next) => {
      response.setHeader('access-control-allow-origin', app);
      if (request.method !== 'OPTIONS') return next();
      response.setHeader('access-control-allow-headers', 'authorization, dpop, content-digest, content-type');
      return void response.sendStatus(204);
    });
    orders.use(oncekeyExpress({ guard }));
    orders.get('/v1/orders/:id', (request, response) => {
      served.push(grantOf(request).tokenId);
      response.send(`${grantOf(request).subject} reads ${request.params.id}`);
    });
    await serve(createServer(orders), apiPort);
    await serve(
      await appServer({ broker: deployment.issuer, identityProvider: provider, api }, attester),
      appPort,
    );
    await eventually(() => isServed(provider), PATIENCE_MS);
    await eventually(() => isAllowed(deployment.issuer, app), PATIENCE_MS);
    const isRoot = process.getuid?.() === 0;
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: isRoot ? ['--no-sandbox'] : [],
    });
    context = await browser.newContext();
    tab = await context.newPage();
    tab.setDefaultTimeout(PATIENCE_MS);
    await open(app);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    guard?.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await identityProvider?.stop();
    await deployment?.stop();
  });

  async function open(url: string): Promise<void> {
    await tab.goto(url);
    await tab.waitForFunction(() => 'app' in window);
  }

  /** Calls from a click, as a browser wants it where a window is to open. */
  async function callFromClick(path: string): Promise<unknown> {
    const called = tab.evaluate(
      (at) =>
        new Promise((resolve) => {
          const button = Reflect.get(globalThis, 'document').querySelector('button');
          button.onclick = () => void window.app.call(at).then(resolve);
        }),
      path,
    );
    await tab.click('button');
    return called;
  }

  it('signs the user in, and calls the API with a token for each call', async () => {
    const popup = context.waitForEvent('page', { timeout: PATIENCE_MS });
    const called = callFromClick('/orders/42');
    const login = await popup;
    await login.fill('[name=login]', 'ada');
    await login.fill('[name=password]', 'toy');
    await login.click('[type=submit]');
    await login.click('text=Continue');
    expect(await called).toEqual([200, 'ada reads 42']);
    await eventually(() => login.isClosed(), PATIENCE_MS);
    expect(await tab.evaluate(() => window.app.call('/orders/43'))).toEqual([200, 'ada reads 43']);
    expect(new Set(served).size).toBe(2);
    expect(context.pages()).toHaveLength(1);
  }, 120_000);

  it('keeps its key over a reload, and nobody can take it out', async () => {
    const before = await tab.evaluate(() => window.app.thumbprint());
    expect(await tab.evaluate(() => window.app.loot())).toEqual([]);
    await tab.reload();
    await tab.waitForFunction(() => 'app' in window);
    expect(await tab.evaluate(() => window.app.thumbprint())).toBe(before);
    expect(await tab.evaluate(() => window.app.loot())).toEqual([]);
    const storage = await context.storageState();
    expect(JSON.stringify(storage)).not.toContain('once_');
    // The provider still knows the user, and asks nothing.
    expect(await callFromClick('/orders/44')).toEqual([200, 'ada reads 44']);
  }, 120_000);

  it('has one key for all tabs, which are made at the same time', async () => {
    const second = await context.newPage();
    await second.goto(app);
    await second.waitForFunction(() => 'app' in window);
    const [here, there] = await Promise.all(
      [tab, second].map((one) => one.evaluate(() => window.app.thumbprints())),
    );
    await second.close();
    expect(new Set([...(here ?? []), ...(there ?? [])]).size).toBe(1);
    expect(here).toHaveLength(8);
  }, 120_000);

  it('is answered at no origin that is not registered', async () => {
    const elsewhere = app.replace('127.0.0.1', 'localhost');
    const stranger = await context.newPage();
    await stranger.goto(elsewhere);
    const read = (url: string) =>
      [`${url}/.well-known/oauth-authorization-server`, `${url}/jwks`].map((one) =>
        fetch(one).then(
          () => 'read',
          () => 'kept away',
        ),
      );
    const source = `Promise.all((${read.toString()})(${JSON.stringify(deployment.issuer)}))`;
    expect(await stranger.evaluate(source)).toEqual(['kept away', 'kept away']);
    await stranger.close();
    expect(await tab.evaluate(source)).toEqual(['read', 'read']);
  }, 120_000);
});

async function isServed(issuer: string): Promise<boolean> {
  return fetch(`${issuer}/.well-known/openid-configuration`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Brokers hear of a registration a moment after it was made. */
async function isAllowed(broker: string, origin: string): Promise<boolean> {
  const { headers } = await fetch(`${broker}/jwks`, { headers: { origin } });
  return headers.get('access-control-allow-origin') === origin;
}
