import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '../support/deployment/free-port.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { QuickstartProcess, type Ended, START_MS } from '../support/quickstart-process.ts';

jest.setTimeout(120_000);

interface Finding {
  id: string;
  state: string;
  says: string;
  fix: string;
}

/** What something between the doctor and the broker does to an answer. */
type Tampering = (
  answer: { status: number; headers: Headers; body: string },
  path: string,
  method: string,
) => void;

describe('oncekey doctor', () => {
  let quickstart: QuickstartProcess;
  let ended: Promise<number | null>;
  let front: Server;
  let tamper: Tampering = () => undefined;
  const urls = { issuer: '', via: '' };

  const oncekey = (...args: string[]): Promise<Ended> => quickstart.oncekey(...args);
  const faults = async (
    ...args: string[]
  ): Promise<{ exitCode: number; failed: Finding[]; all: Finding[] }> => {
    const { exitCode, stdout, stderr } = await oncekey('doctor', ...args, '--json');
    if (stdout === '') throw new Error(stderr);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    return { exitCode, failed: findings.filter(({ state }) => state === 'failed'), all: findings };
  };
  const put = async (resource: string, document: object): Promise<void> => {
    const file = join(mkdtempSync(join(tmpdir(), 'oncekey-doctor-test-')), 'document.json');
    writeFileSync(file, JSON.stringify(document));
    const { exitCode, stderr } = await oncekey('put', resource, file);
    if (exitCode !== 0) throw new Error(stderr);
  };

  beforeAll(async () => {
    quickstart = await QuickstartProcess.onFreePorts();
    ({ ended } = await quickstart.start());
    urls.issuer = `http://127.0.0.1:${quickstart.ports[0]}`;
    front = createServer((request, response) => void passOn(request, response));
    const port = await freePort();
    await new Promise<void>((resolve) => void front.listen(port, '127.0.0.1', resolve));
    urls.via = `http://127.0.0.1:${port}`;
  }, START_MS);

  afterAll(async () => {
    front.closeAllConnections();
    await new Promise((resolve) => void front.close(resolve));
    quickstart.signal('SIGTERM');
    await ended;
  }, 20_000);

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const body = await text(request);
    const answered = await fetch(`${urls.issuer}${url}`, {
      method,
      headers: { 'content-type': request.headers['content-type'] ?? 'text/plain' },
      ...(body === '' ? {} : { body }),
    });
    const answer = {
      status: answered.status,
      headers: new Headers(answered.headers),
      body: await answered.text(),
    };
    tamper(answer, url, method);
    answer.headers.delete('content-length');
    answer.headers.delete('transfer-encoding');
    response.writeHead(answer.status, [...answer.headers].flat()).end(answer.body);
  }

  it('finds nothing wrong with a set-up that is well', async () => {
    tamper = () => undefined;
    for (const args of [[], ['--via', urls.via]]) {
      const { exitCode, failed, all } = await faults(...args);
      expect(failed).toEqual([]);
      expect(exitCode).toBe(0);
      const states = Object.fromEntries(all.map(({ id, state }) => [id, state]));
      expect(states).toMatchObject({
        ...{ issuer: 'passed', metadata: 'passed', clock: 'passed', jwks: 'passed', ready: 'passed' },
        ...{ 'introspection-get': 'passed', 'introspection-unauthenticated': 'passed' },
        ...{ 'introspection-cache': 'passed', admin: 'passed', release: 'passed', clients: 'passed' },
      });
    }
    const anybody = await oncekey('doctor', '--issuer', urls.issuer);
    expect([anybody.exitCode, anybody.stdout]).toEqual([0, expect.stringContaining('nothing is wrong')]);
  });

  it.each<[string, Tampering, string]>([
    [
      'another issuer in the metadata',
      (answer) => void (answer.body = answer.body.replace('"issuer":"http', '"issuer":"https')),
      'metadata',
    ],
    [
      'a clock that is a minute behind',
      ({ headers }) => headers.set('date', new Date(Date.now() - 60_000).toUTCString()),
      'clock',
    ],
    ['no keys', (answer, path) => void (path === '/jwks' && (answer.body = '{"keys":[]}')), 'jwks'],
    [
      'a broker that is not ready',
      (answer, path) => void (path === '/readyz' && (answer.status = 503)),
      'ready',
    ],
    [
      'introspection by GET',
      (answer, _path, method) => void (method === 'GET' && answer.status === 405 && (answer.status = 200)),
      'introspection-get',
    ],
    [
      'introspection by anybody',
      (answer, _path, method) => void (method === 'POST' && (answer.status = 200)),
      'introspection-unauthenticated',
    ],
    [
      'answers that may be kept',
      ({ headers }, _path, method) => void (method === 'POST' && headers.set('cache-control', 'max-age=5')),
      'introspection-cache',
    ],
    [
      'answers that were kept',
      ({ headers }, _path, method) => void (method === 'POST' && headers.set('age', '3')),
      'introspection-cache',
    ],
  ])('names %s, and what to do', async (_name, tampering, id) => {
    tamper = tampering;
    const { exitCode, failed } = await faults('--issuer', urls.issuer, '--via', urls.via);
    expect(failed.map((finding) => finding.id)).toEqual([id]);
    expect(failed[0]?.fix).not.toBe('');
    expect(exitCode).toBe(1);
  });

  it('names a broker that does not answer, and one without TLS', async () => {
    const gone = await faults('--issuer', urls.issuer, '--via', 'http://127.0.0.1:1');
    expect([gone.exitCode, gone.failed.map(({ id }) => id)]).toEqual([1, ['issuer']]);
    tamper = () => undefined;
    const plain = await faults('--issuer', 'http://broker.example', '--via', urls.via);
    expect(plain.failed.map(({ id }) => id)).toEqual(expect.arrayContaining(['tls', 'metadata']));
  });

  it('names what is registered wrongly', async () => {
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const key = makeSigningKey();
    const provider = createServer(({ url }, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify(
          url === '/jwks'
            ? { keys: [key.publicJwk] }
            : {
                issuer,
                jwks_uri: `${issuer}/jwks`,
                authorization_endpoint: `${issuer}/a`,
                token_endpoint: `${issuer}/t`,
              },
        ),
      ),
    );
    await new Promise<void>((resolve) => void provider.listen(port, '127.0.0.1', resolve));
    await put('identity-providers', { id: 'gone', issuer });
    provider.closeAllConnections();
    await new Promise((resolve) => void provider.close(resolve));
    const server = { id: 'bare', client_id: 'bare-api', resource: 'https://bare.example/' };
    await put('resource-servers', { ...server, jwks: { keys: [makeSigningKey().publicJwk] } });
    const { failed } = await faults();
    expect(failed.map(({ id }) => id)).toEqual(['identity-provider gone', 'release']);
    expect(failed[1]?.says).toContain('bare');
    const bob = await faults('--as', 'bob');
    expect(bob.failed.map(({ id }) => id)).toEqual(['admin']);
  });
});
