import { spawnSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

/** Nobody answers there: addresses for documentation (RFC 5737, RFC 3849). */
const ELSEWHERE = ['http://192.0.2.1/', 'http://[2001:db8::1]/', 'http://elsewhere.example/'];

it.each(ELSEWHERE)('B-10: a test that calls %s fails at once', async (url) => {
  await expect(fetch(url)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('tests are offline') as unknown },
  });
});

it('B-10: a test that looks up a name of another machine fails at once', async () => {
  await expect(lookup('elsewhere.example')).rejects.toThrow('tests are offline');
  expect((await lookup('localhost')).address).toMatch(/^(?:127\.|::1$)/);
});

it('B-10: a program that a test starts is held to the same', () => {
  const program = `fetch(${JSON.stringify(ELSEWHERE[0])}).catch(({ cause }) => console.log(cause.message))`;
  const started = spawnSync(
    process.execPath,
    ['--require', resolve('test/support/offline.cjs'), '--eval', program],
    { encoding: 'utf8' },
  );
  expect(started.stdout).toContain('tests are offline');
});

it('this machine is called as ever', async () => {
  const server = createServer((_, response) => response.end('here'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  for (const host of ['127.0.0.1', 'localhost']) {
    expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe('here');
  }
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
