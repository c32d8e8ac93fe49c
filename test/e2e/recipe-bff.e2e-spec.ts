import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from '../../libs/quickstart/src/browser.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { NodeProcess } from '../support/deployment/node-process.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { eventually } from '../support/eventually.ts';
import { runRecipe, type Recipe } from '../support/recipe.ts';

const PATIENCE_MS = 45_000;

/** A real OpenID provider, the backend of the example, a broker, an API; the browser is ours. */
describe('the recipe of a browser app with a backend', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oncekey-bff-'));
  let provider: NodeProcess;
  let backend: NodeProcess;
  let recipe: Recipe;
  let app: string;

  beforeAll(async () => {
    const [appPort, providerPort] = [await freePort(), await freePort()];
    app = `http://127.0.0.1:${appPort}`;
    const issuer = `http://127.0.0.1:${providerPort}`;
    provider = NodeProcess.start(
      ['test/browser/identity-provider.js', String(providerPort), 'shop-web', `${app}/callback`],
      {},
    );
    const key = makeSigningKey();
    const keyFile = join(folder, 'key.json');
    writeFileSync(keyFile, JSON.stringify(key.privateKey.export({ format: 'jwk' })), { mode: 0o600 });
    const { kty, crv, x, y } = key.publicJwk;
    recipe = await runRecipe({
      folder: 'bff',
      server: { clientId: 'shop-api', resource: 'https://shop.example' },
      places: {
        'https://login.example': issuer,
        f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU: String(x),
        x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0: String(y),
      },
    });
    expect([kty, crv]).toEqual(['EC', 'P-256']);
    backend = await recipe.start('server.mjs', {
      PORT: String(appPort),
      ONCEKEY_ISSUER: recipe.issuer,
      API: recipe.api,
      PROVIDER: issuer,
      KEY: keyFile,
    });
    await eventually(() => backend.output.includes('listening'), PATIENCE_MS);
    await eventually(() => answers(`${issuer}/.well-known/openid-configuration`), PATIENCE_MS);
  }, 150_000);
  afterAll(async () => {
    await backend.stop();
    await provider.stop();
    await recipe.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const cookieOf = (response: Response): string =>
    /^session=[\w-]+/.exec(response.headers.get('set-cookie') ?? '')?.[0] ?? '';

  /** Signs ada in; resolves to the session cookies of before and of after. */
  async function signIn(): Promise<{ before: string; after: string; callback: URL }> {
    const started = await fetch(`${app}/login`, { redirect: 'manual' });
    const before = cookieOf(started);
    const at = new URL(started.headers.get('location') ?? '');
    const callback = await new Browser(`${app}/callback`).visit(at, { login: 'ada', password: 'toy' });
    const ended = await fetch(callback, { redirect: 'manual', headers: { cookie: before } });
    expect([ended.status, ended.headers.get('location')]).toEqual([302, '/']);
    expect(ended.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
    return { before, after: cookieOf(ended), callback };
  }

  const call = (cookie: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${app}/api${path}`, {
      ...init,
      headers: { cookie, 'x-app': 'shop', 'content-type': 'application/json' },
    });

  it('makes the calls of the page in the name of its user, with one token for each', async () => {
    const { after } = await signIn();
    expect((await call(after, '/orders/42')).status).toBe(201);
    expect((await call(after, '/orders', { method: 'POST', body: '{"item":1}' })).status).toBe(201);
    expect(recipe.served).toMatchObject([
      { grant: { subject: 'ada', clientId: 'shop-bff', method: 'GET' }, body: '' },
      { grant: { subject: 'ada', clientId: 'shop-bff', method: 'POST' }, body: '{"item":1}' },
    ]);
    expect((await call(after, '/close', { method: 'POST' })).status).toBe(403);
    expect(recipe.served).toHaveLength(2);
  }, 60_000);

  it('does nothing for whoever has no session, another page, or a cookie from before the sign-in', async () => {
    const { before, after, callback } = await signIn();
    const count = recipe.served.length;
    expect((await call('', '/orders/42')).status).toBe(401);
    expect((await call('session=of-my-own', '/orders/42')).status).toBe(401);
    expect((await call(before, '/orders/42')).status).toBe(401);
    expect((await fetch(`${app}/api/orders/42`, { headers: { cookie: after } })).status).toBe(403);
    expect((await fetch(callback, { redirect: 'manual' })).status).toBe(400);
    expect(recipe.served).toHaveLength(count);
    expect((await call(after, '/orders/42')).status).toBe(201);
  }, 60_000);
});

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
