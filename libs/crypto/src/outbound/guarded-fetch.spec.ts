import type { ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { answerJson, LocalServers } from '../../../../test/support/local-servers.ts';
import { FetchRefused } from './fetch-refused.ts';
import { GuardedFetch, MAX_DOCUMENT_BYTES, type GuardedFetchOptions } from './guarded-fetch.ts';

const CANARY = 'what-the-server-said';

const servers = new LocalServers();
afterEach(() => servers.closeAll());

const hostile = async (answer: (response: ServerResponse, path: string) => void) => {
  const server = await servers.answering(answer);
  return { ...server, url: `${server.origin}/keys` };
};

const local = (options: Partial<GuardedFetchOptions> = {}) =>
  new GuardedFetch({ allowHttpLoopback: true, totalMs: 500, ...options });

async function refusalOf(fetching: Promise<unknown>): Promise<FetchRefused> {
  const thrown: unknown = await fetching.then(
    () => null,
    (failed: unknown) => failed,
  );
  if (!(thrown instanceof FetchRefused)) throw new Error(`not refused: ${String(thrown)}`);
  expect(`${thrown.message} ${thrown.stack} ${JSON.stringify(thrown)} ${String(thrown.cause)}`).not.toContain(
    CANARY,
  );
  return thrown;
}

describe(GuardedFetch.name, () => {
  test('fetches a JSON object', async () => {
    const { url } = await hostile((response) => answerJson(response, { keys: [] }));
    await expect(local().json(url)).resolves.toEqual({ keys: [] });
  });

  test('K-18: nothing of ours goes along', async () => {
    const { url, asked } = await hostile((response) => answerJson(response, {}));
    await local().json(url);
    expect(Object.keys(asked[0]?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
    expect(asked[0]?.headers['accept-encoding']).toBe('identity');
  });

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['K-07: 500', (r) => r.writeHead(500).end(CANARY), 'bad_status'],
    ['K-07: 404 with JSON', (r) => r.writeHead(404).end(`{"${CANARY}":1}`), 'bad_status'],
    ['K-07: 204', (r) => r.writeHead(204).end(), 'bad_status'],
    ['K-07: 206', (r) => r.writeHead(206).end('{}'), 'bad_status'],
    ['K-07: HTML', (r) => r.end(`<html>${CANARY}</html>`), 'not_json'],
    ['K-07: an empty answer', (r) => r.end(), 'not_json'],
    ['K-07: broken JSON', (r) => r.end(`{"a":"${CANARY}"`), 'not_json'],
    ['K-07: a list', (r) => r.end(`["${CANARY}"]`), 'not_json'],
    ['K-07: a repeated member', (r) => r.end(`{"${CANARY}":1,"${CANARY}":2}`), 'not_json'],
    ['K-07: depth', (r) => r.end(`{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`), 'not_json'],
    ['K-07: broken UTF-8', (r) => r.end(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 'not_json'],
    ['K-07: a byte order mark', (r) => r.end('\uFEFF{}'), 'not_json'],
    ['K-06: a large answer', (r) => r.end(`{"a":"${'x'.repeat(MAX_DOCUMENT_BYTES)}"}`), 'too_large'],
    [
      'K-06: a gigabyte, announced',
      (r) => r.writeHead(200, { 'content-length': 2 ** 30 }).end(),
      'too_large',
    ],
    [
      'K-06: a gigabyte, not announced',
      (r) => {
        const more = (): void => {
          while (!r.destroyed && r.write('x'.repeat(65_536)));
          if (!r.destroyed) r.once('drain', more);
        };
        more();
      },
      'too_large',
    ],
    ['K-06: gzip', (r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{}')), 'encoded'],
    [
      'K-06: gzip in capitals',
      (r) => r.writeHead(200, { 'content-encoding': 'GZIP' }).end(gzipSync('{}')),
      'encoded',
    ],
    [
      'K-06: a byte a time',
      (r) => {
        r.write('{');
        const timer = setInterval(() => r.write(' '), 20);
        r.once('close', () => clearInterval(timer));
      },
      'too_slow',
    ],
    ['K-06: half of it, and then nothing', (r) => void r.write('{"a":'), 'too_slow'],
    ['K-06: no answer at all', () => undefined, 'too_slow'],
    ['K-06: half of it, and then gone', (r) => void r.write('{"a":', () => r.destroy()), 'unreachable'],
    ['K-06: gone at once', (r) => void r.destroy(), 'unreachable'],
  ])('%s is refused', async (_, answer, refusal) => {
    const { url } = await hostile(answer);
    expect((await refusalOf(local().json(url))).refusal).toBe(refusal);
    const honest = await hostile((response) => answerJson(response, { ok: true }));
    await expect(local().json(honest.url)).resolves.toEqual({ ok: true });
  });

  test.each([301, 302, 303, 307, 308, 300, 304])(
    'K-12: a redirect with %d is not followed',
    async (status) => {
      const elsewhere = await hostile((response) => answerJson(response, {}));
      const { url, asked } = await hostile((response) =>
        response.writeHead(status, { location: elsewhere.url }).end(status === 304 ? undefined : CANARY),
      );
      expect((await refusalOf(local().json(url))).refusal).toBe('redirected');
      expect(asked).toHaveLength(1);
      expect(elsewhere.asked).toHaveLength(0);
    },
  );

  test.each([
    ['what is no HTTP', `${CANARY}\r\n\r\n`],
    ['a status line of its own making', `HTTP/1.1 200 OK\r\n${CANARY}\r\n\r\n`],
    ['two lengths', `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['a header of 100 kB', `HTTP/1.1 200 OK\r\nX: ${CANARY.repeat(5000)}\r\n\r\n{}`],
    [
      'another protocol',
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n${CANARY}`,
    ],
  ])('K-17: %s is refused, and not repeated', async (_, bytes) => {
    const port = await servers.listen(
      createTcpServer(
        (socket) =>
          void socket
            .on('error', () => undefined)
            .resume()
            .end(bytes),
      ),
    );
    expect((await refusalOf(local().json(`http://127.0.0.1:${port}/`))).refusal).toBe('unreachable');
  });

  test('a closed port is unreachable, with the code of the system', async () => {
    const { url, port } = await hostile(() => undefined);
    await servers.closeAll();
    expect(await refusalOf(local().json(url))).toMatchObject({
      refusal: 'unreachable',
      detail: 'ECONNREFUSED',
    });
    expect(port).toBeGreaterThan(0);
  });
});

describe('where a name leads', () => {
  const strict = (resolve: GuardedFetchOptions['resolve'] & {}) =>
    new GuardedFetch({ allowHttpLoopback: false, totalMs: 300, resolve });

  test.each([
    ['loopback', ['127.0.0.1']],
    ['metadata', ['169.254.169.254']],
    ['a private address', ['10.0.0.1']],
    ['a public and a private address', ['93.184.216.34', '192.168.0.1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['another name', ['localhost']],
  ])('K-10, K-11: a public name that leads to %s is refused, and nothing is sent', async (_, addresses) => {
    const { asked, port } = await hostile((response) => answerJson(response, {}));
    const fetching = strict(async () => addresses).json(`https://idp.example:${port}/keys`);
    expect((await refusalOf(fetching)).refusal).toBe('forbidden_address');
    expect(asked).toHaveLength(0);
  });

  test.each([
    ['no address', async () => []],
    ['an error', () => Promise.reject(new Error(CANARY))],
  ])('a name with %s is unresolvable', async (_, resolve) => {
    expect((await refusalOf(strict(resolve).json('https://idp.example/'))).refusal).toBe('unresolvable');
  });

  test('a name server that does not answer is too slow', async () => {
    expect(
      (await refusalOf(strict(() => new Promise(() => undefined)).json('https://idp.example/'))).refusal,
    ).toBe('too_slow');
  });

  test('K-10: an address by another spelling is not even resolved', async () => {
    let resolved = 0;
    const guarded = strict(async () => [String(resolved++)]);
    for (const host of ['0', '2130706433', '0x7f.1', 'localhost.', '127.0.0.1', '[::1]', 'localhost']) {
      await refusalOf(guarded.json(`https://${host}/keys`));
    }
    expect(resolved).toBe(0);
  });

  test('K-14: the name is resolved once, and the connection made to what was checked', async () => {
    const { asked, port } = await hostile((response) => answerJson(response, {}));
    const answers = [['203.0.114.1'], ['127.0.0.1'], ['127.0.0.1']];
    let resolved = 0;
    const rebinding = strict(async () => answers[resolved++] ?? []);
    await refusalOf(rebinding.json(`https://idp.example:${port}/keys`));
    expect(resolved).toBe(1);
    expect(asked).toHaveLength(0);
  });

  test('K-14: what a loopback name resolves to is where the connection goes', async () => {
    const { asked, port } = await hostile((response) => answerJson(response, { ok: true }));
    const pinned = local({ resolve: async () => ['127.0.0.1'] });
    await expect(pinned.json(`http://localhost:${port}/keys`)).resolves.toEqual({ ok: true });
    expect(asked[0]?.headers.host).toBe(`localhost:${port}`);
    const lying = local({ resolve: async () => ['10.0.0.1'] });
    expect((await refusalOf(lying.json(`http://localhost:${port}/keys`))).refusal).toBe('forbidden_address');
  });
});
