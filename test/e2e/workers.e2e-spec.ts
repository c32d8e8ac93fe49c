import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { NodeProcess } from '../support/deployment/node-process.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const WORKERS = 2;
const SOON_MS = 20_000;

let deployment: Deployment;
let caller: Caller;
let metricsUrl: string;

const primary = () => deployment.brokers[0]!.node;

/** Process ids of the children of the primary. */
function workers(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .filter((name) => parentOf(name) === primary().pid)
    .map(Number);
}

function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** The value of a sample; 0 when it is not there. */
async function metric(sample: string): Promise<number> {
  const response = await fetch(`${metricsUrl}/metrics`);
  const line = (await response.text()).split('\n').find((one) => one.startsWith(`${sample} `));
  return Number(line?.slice(sample.length + 1) ?? 0);
}

beforeAll(async () => {
  const { url } = await freshDatabase();
  const port = await freePort();
  metricsUrl = `http://127.0.0.1:${port}`;
  const env = { ONCEKEY_WORKERS: String(WORKERS), ONCEKEY_METRICS_PORT: String(port) };
  deployment = await deploy({ databaseUrl: url, env });
  caller = new Caller(deployment);
  await caller.learnNonce();
}, 60_000);
afterAll(() => deployment.stop());

it('workers share a port, and a token is spent once by all of them', async () => {
  expect(workers()).toHaveLength(WORKERS);
  for (let round = 0; round < 5; round++) {
    const token = await caller.token();
    const answers = await Promise.all(Array.from({ length: 40 }, () => caller.introspect(token)));
    expect(answers.filter(({ body }) => body['active'] === true)).toHaveLength(1);
  }
});

it('their metrics are one, with nothing in them that a caller chose', async () => {
  const permitted = 'oncekey_audit_events_total{type="token.exchange",outcome="permitted",reason=""}';
  const before = await metric(permitted);
  for (let at = 0; at < 10; at++) await caller.token();
  expect((await metric(permitted)) - before).toBe(10);
  expect(await metric('oncekey_ready')).toBe(1);

  await caller.exchange({ resource: 'https://canary.example/' });
  await fetch(`${deployment.issuer}/canary-path`);
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  expect(text).toMatch(/^oncekey_http_request_duration_seconds_count\{route="\/token",status="4xx"\} [1-9]/m);
  expect(text).not.toContain('canary');
});

it.each([
  ['another path', 'GET', '/', 404],
  ['another method', 'POST', '/metrics', 405],
  ['a query', 'GET', '/metrics?x=1', 404],
])('the port of the metrics serves nothing else: %s', async (_, method, path, status) => {
  expect((await fetch(metricsUrl + path, { method })).status).toBe(status);
});

it('the port of the broker does not serve the metrics', async () => {
  expect((await fetch(`${deployment.issuer}/metrics`)).status).toBe(404);
});

it('F-20 a worker that is killed is replaced, and the others serve meanwhile', async () => {
  const [victim] = workers();
  process.kill(victim!, 'SIGKILL');
  await eventually(async () => workers().length === WORKERS && !workers().includes(victim!), SOON_MS);
  // The connection that was kept to it is found broken once.
  const isServed = (): Promise<boolean> =>
    caller.exchange().then(
      ({ status }) => status === 200,
      () => false,
    );
  await eventually(isServed, SOON_MS);
});

it('F-17 a signal lets all of them finish, and leaves none', async () => {
  const before = workers();
  expect(await primary().stop('SIGTERM')).toBe(0);
  const isAlive = (pid: number): boolean => parentOf(String(pid)) !== null;
  expect(before.filter(isAlive)).toEqual([]);
});

it('workers that cannot begin are not started over and over', async () => {
  const taken = createServer();
  await new Promise<void>((done) => void taken.listen(0, '127.0.0.1', done));
  const { port } = taken.address() as AddressInfo;
  const node = NodeProcess.start(['apps/broker/src/main.js'], {
    ...deployment.env,
    ONCEKEY_METRICS_PORT: '0',
    ONCEKEY_PORT: String(port),
  });
  expect(await node.end()).toBe(1);
  expect(node.output).toContain('EADDRINUSE');
  await new Promise((done) => taken.close(done));
}, 30_000);
