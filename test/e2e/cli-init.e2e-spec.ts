import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundledExample } from '../support/bundled-example.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { NodeProcess } from '../support/deployment/node-process.ts';
import { eventually } from '../support/eventually.ts';
import { QuickstartProcess, START_MS, type Ended } from '../support/quickstart-process.ts';

const OPENAPI = resolve('examples/express/openapi.yaml');

jest.setTimeout(60_000);

interface Report {
  registered: { what: string; state: string; differences: string[] }[];
  files: { file: string; state: string }[];
  differences: string[];
  next: string[];
}

describe('oncekey init api', () => {
  let quickstart: QuickstartProcess;
  let ended: Promise<number | null>;
  let resource: string;
  const work = mkdtempSync(join(tmpdir(), 'oncekey-init-test-'));
  const out = join(work, 'oncekey');

  const oncekey = (...args: string[]): Promise<Ended> => quickstart.oncekey(...args);
  const init = (...args: string[]): Promise<Ended> =>
    oncekey('init', 'api', OPENAPI, '--url', resource, '--gateway', 'none', '--out', out, ...args);
  const report = async (...args: string[]): Promise<Report & { exitCode: number }> => {
    const { exitCode, stdout, stderr } = await init(...args, '--json');
    if (stdout === '') throw new Error(stderr);
    return { ...(JSON.parse(stdout) as Report), exitCode };
  };
  const states = ({ registered, files }: Report): readonly string[] => [
    ...new Set([...registered, ...files].map(({ state }) => state)),
  ];

  beforeAll(async () => {
    quickstart = await QuickstartProcess.onFreePorts();
    ({ ended } = await quickstart.start());
    resource = `http://127.0.0.1:${await freePort()}`;
  }, START_MS);

  afterAll(async () => {
    quickstart.signal('SIGTERM');
    await ended;
    rmSync(work, { recursive: true, force: true });
  }, 20_000);

  it('registers an API, and writes what it begins with and what to do next', async () => {
    const { exitCode, stdout, stderr } = await init('--group', 'support', '--client', 'toy-client');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/created +resource server shop/);
    expect(stdout).toMatch(/created +3 operations in the draft/);
    expect(stdout).toContain(`npx oncekey apply ${out}/policies -m 'protect shop'`);
    const key = join(out, 'keys/shop-api.jwk.json');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const server = await oncekey('get', 'resource-servers', 'shop', '--json');
    const { x } = JSON.parse(readFileSync(key, 'utf8')) as { x: string };
    expect(JSON.parse(server.stdout)).toMatchObject({ resource, jwks: { keys: [{ x }] } });
    expect(server.stdout).not.toContain('"d"');
    const files = ['catalog.yaml', 'shop.deny-first.cedar', 'shop.tag.read.cedar', 'read-orders.cedar'];
    for (const file of files) expect(readFileSync(join(out, 'policies', file), 'utf8')).not.toBe('');
  });

  it('changes nothing the second time', async () => {
    const again = await report('--group', 'support', '--client', 'toy-client');
    expect([again.exitCode, states(again), again.differences]).toEqual([0, ['unchanged'], []]);
  });

  it('permits nothing before it is published, and then the first call once', async () => {
    const server = NodeProcess.start([await bundledExample('express/server.mjs')], {
      ONCEKEY_ISSUER: `http://127.0.0.1:${quickstart.ports[0]}`,
      ONCEKEY_KEY: join(out, 'keys/shop-api.jwk.json'),
      PORT: new URL(resource).port,
    });
    try {
      await eventually(() => server.output.includes('the shop listens on'), 20_000);
      const read = ['call', 'GET', `${resource}/orders/42`, '--resource', resource, '--replay', '--json'];
      const before = await oncekey(...read);
      expect(before.exitCode).toBe(1);
      expect((await oncekey('policy', 'test', join(out, 'policies'))).exitCode).toBe(0);
      const plan = await oncekey('plan', join(out, 'policies'));
      expect([plan.exitCode, plan.stdout]).toEqual([0, expect.stringContaining('shop.tag.read')]);
      expect((await oncekey('apply', join(out, 'policies'), '-m', 'protect the shop')).exitCode).toBe(0);

      await eventually(async () => (await oncekey(...read)).exitCode === 0, 10_000);
      const called = await oncekey(...read);
      expect(JSON.parse(called.stdout)).toMatchObject({
        status: 200,
        body: { id: '42', item: 'tea' },
        replay: { status: 401 },
      });
      const post = ['call', 'POST', `${resource}/orders`, '-d', '{"item":"milk","cents":120}'];
      const posted = await oncekey(...post, '--resource', resource, '--replay');
      expect([posted.exitCode, posted.stdout]).toEqual([0, expect.stringContaining('"by":"ada"')]);
      // Bob is in no group.
      expect((await oncekey(...read, '--as', 'bob')).exitCode).toBe(1);
      const probe = await oncekey('probe', resource);
      expect([probe.exitCode, probe.stdout]).toEqual([0, expect.not.stringMatching(/✗/)]);
    } finally {
      await server.stop();
    }
  });

  it('leaves what was edited, and says what differs', async () => {
    const policy = join(out, 'policies/shop.tag.read.cedar');
    appendFileSync(policy, '// Mine.\n');
    rmSync(join(out, 'policies/shop.tag.write.cedar'));
    writeFileSync(join(out, '.gitignore'), '/mine/\n');
    const found = await report('--group', 'support', '--from', '10.0.0.0/24');
    expect(found.exitCode).toBe(1);
    expect(found.differences).toEqual([
      'policy shop.tag.write is not there',
      'policy shop.tag.read says something else',
    ]);
    expect(found.files.filter(({ state }) => state === 'differs')).toEqual([
      { file: join(out, '.gitignore'), state: 'differs' },
    ]);
    expect(readFileSync(policy, 'utf8')).toContain('// Mine.');

    const forced = await report('--group', 'support', '--force');
    expect([forced.exitCode, forced.differences]).toEqual([0, []]);
    expect(readFileSync(policy, 'utf8')).not.toContain('// Mine.');
  });

  it('tells how a registration differs, and changes it when it is told to', async () => {
    const behind = (...args: string[]): Promise<Ended> =>
      oncekey(
        'init',
        'api',
        OPENAPI,
        '--url',
        resource,
        '--gateway',
        'nginx',
        '--out',
        out,
        '--group',
        'support',
        ...args,
      );
    const found = await behind();
    expect([found.exitCode, found.stdout]).toEqual([
      1,
      expect.stringMatching(/differs +resource server shop[^]*forward_auth is absent/),
    ]);
    expect((await behind('--force')).exitCode).toBe(0);
    expect((await behind()).exitCode).toBe(0);
    const server = JSON.parse((await oncekey('get', 'resource-servers', 'shop', '--json')).stdout) as object;
    expect(server).toMatchObject({ forward_auth: { dialect: 'original' }, jwks: { keys: [{}] } });
  });

  it('takes no name that is another API’s', async () => {
    const taken = await init('--id', 'orders');
    expect([taken.exitCode, taken.stderr]).toEqual([1, expect.stringContaining('--id gives')]);
  });

  it.each<[string, string, RegExp]>([
    ['a document that is too long', `openapi: 3.1.0\n# ${'x'.repeat(1_000_000)}\n`, /longer than/],
    ['brackets within brackets', '['.repeat(200_000), /cannot be read|bad\.yaml/],
    [
      'anchors that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
      /alias/i,
    ],
    [
      'more operations than a catalog holds',
      JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'Shop API' },
        paths: Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`/o${at}`, { get: {} }])),
      }),
      /at most 1000 operations/,
    ],
    [
      'a path that is a second line',
      JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'Shop API' },
        paths: { '/a\npermit(principal,action,resource);': { get: {} } },
      }),
      /no absolute path/,
    ],
    ['no operation', 'openapi: 3.1.0\ninfo: { title: Shop API }\npaths: {}\n', /no operation/],
    ['no name', 'openapi: 3.1.0\npaths: { /a: { get: {} } }\n', /--id/],
  ])('makes nothing of %s', async (_, text, says) => {
    const file = join(work, 'bad.yaml');
    writeFileSync(file, text);
    const nowhere = join(work, 'nowhere');
    const { exitCode, stderr } = await oncekey(
      ...[
        'init',
        'api',
        file,
        '--url',
        'https://hostile.example',
        '--gateway',
        'nginx',
        '--out',
        nowhere,
        '--offline',
      ],
    );
    expect([exitCode > 0, stderr]).toEqual([true, expect.stringMatching(says)]);
    expect(() => statSync(nowhere)).toThrow();
  });
});
