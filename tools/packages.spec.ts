import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = join(__dirname, '..');
const PACKAGES = join(ROOT, 'dist/packages');

const exec = promisify(execFile);
const run = async (command: string, args: string[], cwd: string): Promise<string> =>
  (await exec(command, args, { cwd })).stdout;

/** Mints a token, has an API serve one of two requests with it, and makes a client. */
const PROGRAM = `
async function main({ createOncekeyClient, OncekeyError }, { oncekeyHttp }, { createTestBroker }, web) {
  const broker = createTestBroker();
  const api = createServer(oncekeyHttp({ guard: broker.guard }, (request, response, { grant, body }) => {
    response.end(grant.subject + ' ' + body);
  }));
  await new Promise((resolve) => api.listen(0, '127.0.0.1', resolve));
  const headers = broker.credentialsFor({ method: 'POST', url: '/orders', body: 'x' });
  const call = () => new Promise((resolve) => {
    const options = { port: api.address().port, host: '127.0.0.1', method: 'POST', path: '/orders', headers };
    const sent = request(options, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve([response.statusCode, response.statusCode === 200 ? text : '']);
    });
    sent.end('x');
  });
  const answers = [await call(), await call()];
  api.close();
  const client = createOncekeyClient({
    issuer: 'http://127.0.0.1:9', clientId: 'desk', clientKey: { kty: 'oct' }, subjectToken: () => '',
  });
  const failure = await client.fetch('http://127.0.0.1:9/').catch((error) => error);
  const check = web.oncekeyWeb({ guard: broker.guard });
  const refused = await check(new Request('https://api.example/orders'));
  console.log(JSON.stringify([...answers, failure instanceof OncekeyError, refused.status]));
}`;

const ESM = `import { createServer, request } from 'node:http';
import * as client from '@oncekey/client';
import * as server from '@oncekey/resource-server';
import * as testing from '@oncekey/resource-server/testing';
import * as web from '@oncekey/resource-server/web';
${PROGRAM}
await main(client, server, testing, web);`;

const CJS = `const { createServer, request } = require('node:http');
${PROGRAM}
main(require('@oncekey/client'), require('@oncekey/resource-server'),
  require('@oncekey/resource-server/testing'), require('@oncekey/resource-server/web'));`;

const TYPES = `import { createOncekeyClient, type OncekeyClient } from '@oncekey/client';
import { oncekeyAxios } from '@oncekey/client/axios';
import { keyInIndexedDb } from '@oncekey/client/browser';
import { keyInFile, tokenFromFile } from '@oncekey/client/node';
import { signInByPopup } from '@oncekey/client/sign-in';
import { oncekeyUndici } from '@oncekey/client/undici';
import { createGuard, type Grant } from '@oncekey/resource-server';
import { createTestBroker } from '@oncekey/resource-server/testing';
import { createWebGuard, grantOf, oncekeyWeb } from '@oncekey/resource-server/web';
export const make: (...options: Parameters<typeof createOncekeyClient>) => OncekeyClient = createOncekeyClient;
export const subjectOf = (request: Request): string => ((grant: Grant) => grant.subject)(grantOf(request));
export const check = oncekeyWeb({ guard: createTestBroker().guard });
export const keys = [keyInFile('device-key.json'), keyInIndexedDb()];
export const token = tokenFromFile('token');
export const adapters = [oncekeyAxios, oncekeyUndici, signInByPopup];
export const guards = [createGuard, createWebGuard];
// @ts-expect-error a guard needs a key
createGuard({ issuer: 'https://broker.example', clientId: 'a', resource: 'https://api.example/' });
`;

/** What a bundler makes of an entry for browsers, and the packages that it leaves to the page. Fails on any other. */
async function bundle(
  entry: string,
  external: readonly string[] = [],
): Promise<{ bytes: number; code: string }> {
  const { outputFiles } = await build({
    entryPoints: [join(PACKAGES, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    external: [...external],
    logLevel: 'silent',
  });
  const code = outputFiles.map(({ text }) => text).join('');
  return { bytes: gzipSync(code).length, code };
}

describe('the packages', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'oncekey-packages-'));
    await run(process.execPath, ['tools/build-packages.mjs'], ROOT);
    for (const name of ['client', 'resource-server']) {
      await run('npm', ['pack', join(PACKAGES, name), '--pack-destination', folder], folder);
    }
    const tarballs = readdirSync(folder).map((name) => `./${name}`);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...tarballs], folder);
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('install without a registry, because they need nothing else', () => {
    const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['@oncekey']);
  });

  it('hold no tests and no sources', () => {
    const names = readdirSync(join(folder, 'node_modules/@oncekey'), { recursive: true }).map(String);
    expect(names.filter((name) => /\.spec\.|stand-in|contract|(?<!\.d)\.ts$|\.map$/.test(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(100);
  });

  it.each([
    { format: 'ES modules', file: 'use.mjs', program: ESM },
    { format: 'CommonJS', file: 'use.cjs', program: CJS },
  ])('are used as $format', async ({ file, program }) => {
    writeFileSync(join(folder, file), program);
    const told: unknown = JSON.parse(await run(process.execPath, [file], folder));
    expect(told).toEqual([[200, 'ada x'], [401, ''], true, 401]);
  });

  it.each(['use.mts', 'use.cts'])(
    'have types for %s',
    async (file) => {
      writeFileSync(join(folder, file), TYPES);
      const typeRoots = join(ROOT, 'node_modules/@types');
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
      const options = [
        '--strict',
        '--noEmit',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--types',
        'node',
      ];
      await run(process.execPath, [tsc, ...options, '--typeRoots', typeRoots, file], folder);
    },
    60_000,
  );

  it.each<{ entry: string; most: number; external?: string[] }>([
    { entry: 'client/esm/index.js', most: 7_500 },
    { entry: 'client/esm/browser/index.js', most: 2_000 },
    { entry: 'client/esm/sign-in/index.js', most: 2_000, external: ['oauth4webapi'] },
    { entry: 'client/esm/axios/index.js', most: 500 },
    { entry: 'resource-server/esm/web/index.js', most: 8_000 },
  ])('$entry is bundled for browsers, in $most bytes packed at most', async ({ entry, most, external }) => {
    const { bytes, code } = await bundle(entry, external);
    expect(bytes).toBeLessThan(most);
    expect(code).toContain('export{');
  });

  it('is told by the bundler what needs Node', async () => {
    await expect(bundle('client/esm/node/index.js')).rejects.toThrow(/node:fs/);
    await expect(bundle('client/esm/sign-in/index.js', [])).resolves.toMatchObject({
      code: expect.any(String),
    });
  });
});
