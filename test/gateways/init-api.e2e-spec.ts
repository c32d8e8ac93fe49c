import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../support/deployment/free-port.ts';
import { eventually } from '../support/eventually.ts';
import { isInstalled } from '../support/installed.ts';
import { QuickstartProcess, START_MS, type Ended } from '../support/quickstart-process.ts';

const OPENAPI = resolve('examples/express/openapi.yaml');

jest.setTimeout(120_000);

interface Case {
  readonly gateway: 'nginx' | 'haproxy' | 'caddy';
  /** Arguments that look at a configuration, and those that run it; `folder` is the one that was written. */
  readonly check: (folder: string) => readonly string[];
  readonly run: (folder: string) => readonly string[];
}

const nginx = (folder: string): readonly string[] => [
  '-e',
  'stderr',
  '-p',
  folder,
  '-c',
  `${folder}/nginx.conf`,
];
const caddy = (folder: string): readonly string[] => [
  '--config',
  `${folder}/Caddyfile`,
  '--adapter',
  'caddyfile',
];

const CASES: readonly Case[] = [
  {
    gateway: 'nginx',
    check: (folder) => ['-t', ...nginx(folder), '-g', `pid ${folder}/pid;`],
    run: (folder) => [...nginx(folder), '-g', `daemon off; master_process off; pid ${folder}/pid;`],
  },
  {
    gateway: 'haproxy',
    check: (folder) => ['-c', '-f', `${folder}/haproxy.cfg`],
    run: (folder) => ['-db', '-f', `${folder}/haproxy.cfg`],
  },
  {
    gateway: 'caddy',
    check: (folder) => ['validate', ...caddy(folder)],
    run: (folder) => ['run', ...caddy(folder)],
  },
];

for (const { gateway, check, run } of CASES) {
  (isInstalled(gateway) ? describe : describe.skip)(`oncekey init api --gateway ${gateway}`, () => {
    let quickstart: QuickstartProcess;
    let ended: Promise<number | null>;
    let api: Server;
    let running: ChildProcess | null = null;
    let resource: string;
    let upstream: string;
    const passed: IncomingHttpHeaders[] = [];
    const out = mkdtempSync(join(tmpdir(), 'oncekey-init-gateway-'));
    const folder = join(out, gateway);
    const env = { ...process.env, ONCEKEY_LUA: folder, HOME: out };

    const oncekey = (...args: string[]): Promise<Ended> => quickstart.oncekey(...args);

    beforeAll(async () => {
      quickstart = await QuickstartProcess.onFreePorts();
      ({ ended } = await quickstart.start());
      const port = await freePort();
      upstream = `127.0.0.1:${port}`;
      api = createServer(({ headers }, response) => {
        passed.push(headers);
        response.setHeader('content-type', 'application/json').end('{"item":"tea"}');
      });
      await new Promise<void>((listening) => void api.listen(port, '127.0.0.1', listening));
      resource = `http://127.0.0.1:${await freePort()}`;
    }, START_MS);

    afterAll(async () => {
      running?.kill('SIGTERM');
      api.closeAllConnections();
      api.close();
      quickstart.signal('SIGTERM');
      await ended;
      rmSync(out, { recursive: true, force: true });
    }, 20_000);

    it('writes a configuration that the gateway takes', async () => {
      const begun = await oncekey(
        ...['init', 'api', OPENAPI, '--url', resource, '--gateway', gateway, '--upstream', upstream],
        ...['--out', out, '--group', 'support', '--client', 'toy-client'],
      );
      expect([begun.exitCode, begun.stderr]).toEqual([0, '']);
      execFileSync(gateway, check(folder), { env, stdio: 'pipe' });
    });

    it('lets the first call through, and its token no second time', async () => {
      const applied = await oncekey('apply', join(out, 'policies'), '-m', 'protect the shop');
      expect(applied.exitCode).toBe(0);
      running = spawn(gateway, run(folder), { env, stdio: 'ignore' });
      await eventually(
        () =>
          fetch(resource).then(
            ({ status }) => status === 401,
            () => false,
          ),
        20_000,
      );
      const called = await oncekey(
        ...['call', 'GET', `${resource}/orders/42`, '--resource', resource, '--replay', '--json'],
      );
      expect(JSON.parse(called.stdout)).toMatchObject({
        status: 200,
        body: { item: 'tea' },
        replay: { status: 401 },
      });
      expect(passed).toHaveLength(1);
      expect(passed[0]).toMatchObject({
        'x-oncekey-subject': 'ada',
        'x-oncekey-operation': 'shop.readOrder',
      });
      expect(passed[0]?.authorization).toBeUndefined();
    });

    it('is what the probe wants of a gateway', async () => {
      const probe = await oncekey('probe', resource, '--json');
      expect(JSON.parse(probe.stdout)).toMatchObject({ passed: true });
    });
  });
}
