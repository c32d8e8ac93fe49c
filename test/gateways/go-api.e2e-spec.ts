import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const PATH = '/v1/orders/42/refund';
const BODY = '{"amount":5}';

function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('go is not installed: the test of its example is skipped\n');
    return false;
  }
}

(hasGo() ? describe : describe.skip)('an API in Go with the file of the examples', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oncekey-go-'));
  let deployment: Deployment;
  let caller: Caller;
  let api: ChildProcess;
  let url: string;

  beforeAll(async () => {
    deployment = await deploy({ databaseUrl: (await freshDatabase()).url });
    caller = new Caller(deployment);
    const program = join(folder, 'orders');
    await promisify(execFile)('go', ['build', '-o', program, '.'], { cwd: resolve('examples/go') });
    const { privateKey, kid } = deployment.keys.server;
    const key = join(folder, 'key.pem');
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    api = spawn(program, {
      stdio: 'ignore',
      env: {
        ADDRESS: `127.0.0.1:${port}`,
        ONCEKEY_ISSUER: deployment.issuer,
        ORIGIN: 'https://api.example',
        KEY: key,
        KEY_ID: kid,
      },
    });
    await eventually(() => answers(url), 30_000);
  }, 300_000);
  afterAll(async () => {
    const ended = new Promise((done) => api.once('exit', done));
    api.kill();
    await ended;
    await deployment.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = (token: string, { path = PATH, body = BODY, key = caller.device } = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `DPoP ${token}`, dpop: caller.apiProof(token, {}, key) },
      body,
    });

  it('serves a request once', async () => {
    const token = await caller.token();
    const answer = await call(token);
    expect([answer.status, await answer.text()]).toEqual([200, `ada at ${PATH}`]);
    const again = await call(token);
    expect(again.status).toBe(401);
    expect(again.headers.get('www-authenticate')).toMatch(/^DPoP/);
  });

  it.each([
    { name: 'another path', change: { path: '/v1/orders/43/refund' } },
    { name: 'another body', change: { body: '{"amount":6}' } },
  ])('serves no request with $name, and the right one after it', async ({ change }) => {
    const token = await caller.token();
    expect((await call(token, change)).status).toBe(401);
    expect((await call(token)).status).toBe(200);
  });

  it('serves nothing without a token', async () => {
    expect((await fetch(`${url}${PATH}`, { method: 'POST', body: BODY })).status).toBe(401);
    expect((await call(await caller.token())).status).toBe(200);
  });

  it('answers 503 and lets nothing through while the broker does not answer', async () => {
    const token = await caller.token();
    await deployment.brokers[0]?.stop();
    const answer = await call(token);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });
});

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
