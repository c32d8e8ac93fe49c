import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#embedded-postgres';
import { BrokerProcess } from '../support/deployment/broker-process.ts';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { migrate } from '../support/deployment/migrate.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { Records } from '../support/deployment/records.ts';
import { eventually } from '../support/eventually.ts';
import { LONGEST_ANSWER_MS } from '../support/expect-honest.ts';
import { freezeProcess } from '../support/freeze-process.ts';

/** What operators are promised: red within two seconds, serving again within five, by itself. */
const RED_MS = 2_000;
const BACK_MS = 5_000;

let server: EmbeddedPostgres;
let deployment: Deployment;
let caller: Caller;

beforeAll(async () => {
  server = await startEmbeddedPostgres({ env: process.env, durable: true });
  await migrate(server.url);
  deployment = await deploy({ databaseUrl: server.url });
  caller = new Caller(deployment);
}, 60_000);
afterAll(async () => {
  await deployment.stop();
  await server.stop();
});

const broker = (): BrokerProcess => deployment.brokers[0]!;

async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const began = performance.now();
  return [await work(), performance.now() - began];
}

function expectUnavailable({ status, headers, body, text }: Answer): void {
  expect([status, body['error']]).toEqual([503, 'temporarily_unavailable']);
  expect(headers.get('retry-after')).toBe('1');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(text).not.toMatch(/access_token|active|postgres|ECONN/);
}

/** Asks both endpoints again and again; every answer has to be 503. Milliseconds that the slowest took. */
async function expectAway(token: string, forMs: number): Promise<number> {
  const until = performance.now() + forMs;
  let slowestMs = 0;
  while (performance.now() < until) {
    const answers = await Promise.all([
      timed(() => caller.exchange()),
      timed(() => caller.introspect(token)),
      timed(() => caller.introspect('once_x')),
    ]);
    for (const [answer, tookMs] of answers) {
      expectUnavailable(answer);
      slowestMs = Math.max(slowestMs, tookMs);
    }
    expect((await fetch(`${broker().url}/livez`)).status).toBe(200);
    await sleep(100);
  }
  return slowestMs;
}

/** Waits until a token is given out and honoured again. */
async function untilServing(): Promise<void> {
  await eventually(async () => {
    await caller.learnNonce({ again: true });
    const { status, body } = await caller.exchange();
    if (status !== 200) return false;
    return (await caller.introspect(String(body['access_token']))).body['active'] === true;
  }, BACK_MS);
}

async function expectReady(): Promise<void> {
  await eventually(async () => (await broker().readiness()) === 200, BACK_MS);
}

it('F-02 a database that is killed: 503 at once, red within 2 s, serving within 5 s of its return', async () => {
  const token = await caller.token();
  const asked = caller.assertion();
  await server.crash();
  const [first, firstMs] = await timed(() => caller.exchange({ client_assertion: asked }));
  expectUnavailable(first);
  // Nothing could be put on record, so there is no id, and the assertion is not used up (C-11).
  expect(first.headers.get('oncekey-reason-id')).toBeNull();
  await eventually(async () => (await broker().readiness()) === 503, RED_MS);
  // Past the five seconds for which the last known policies are believed.
  const slowestMs = await expectAway(token, 6_000);

  await server.restart();
  await untilServing();
  await expectReady();
  const records = await Records.open(server.url);
  const old = await caller.introspect(token);
  expect(old.text).toBe('{"active":false}');
  expect(await records.eventOf(old)).toMatchObject({ outcome: 'inactive', reason: 'token.ledger_gone' });
  await records.close();
  expect((await caller.exchange({ client_assertion: asked })).status).toBe(200);
  expect((await caller.exchange({ client_assertion: asked })).status).toBe(401);
  expect(Math.max(firstMs, slowestMs)).toBeLessThan(1_500);
}, 60_000);

it('F-06 a database that hangs without a word: 503 in bounded time, red within 2 s, and back', async () => {
  const token = await caller.token();
  const thaw = freezeProcess(server.pid);
  let slowestMs = 0;
  try {
    [slowestMs] = await Promise.all([
      expectAway('once_x', 7_000),
      eventually(async () => (await broker().readiness()) === 503, RED_MS),
    ]);
  } finally {
    thaw();
  }
  expect(slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
  await untilServing();
  await expectReady();
  // It is the same ledger as before: what nobody presented is still good, once.
  expect((await caller.introspect(token)).body['active']).toBe(true);
  expect((await caller.introspect(token)).text).toBe('{"active":false}');
}, 60_000);

it('F-05 a database that cannot be written to: 503, and nothing that was not recorded', async () => {
  const token = await caller.token();
  const records = await Records.open(server.url);
  const readOnly = async (value: 'on' | 'off'): Promise<void> => {
    await records.rows(`SET default_transaction_read_only = off`);
    await records.rows(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
    await records.rows('SELECT pg_reload_conf()');
  };
  await readOnly('on');
  await eventually(async () => (await caller.exchange()).status === 503, BACK_MS);
  await expectAway(token, 1_000);
  await readOnly('off');
  await records.close();
  await untilServing();
  expect((await caller.introspect(token)).body['active']).toBe(true);
}, 60_000);

it('F-18 a broker that starts while the database is away is alive, not ready, and becomes ready alone', async () => {
  await server.crash();
  const port = await freePort();
  const late = BrokerProcess.start(port, { ...deployment.env });
  try {
    await eventually(async () => (await late.readiness()) === 503, 20_000);
    expect((await fetch(`${late.url}/livez`)).status).toBe(200);
    const form = new URLSearchParams(caller.parameters() as Record<string, string>);
    for (const path of ['/token', '/introspect']) {
      const response = await fetch(`${late.url}${path}`, { method: 'POST', body: form });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' });
    }
    expect((await fetch(`${late.url}/jwks`)).status).toBe(503);
    await sleep(1_500);
    expect(late.node.isRunning).toBe(true);
    await server.restart();
    await eventually(async () => (await late.readiness()) === 200, BACK_MS);
    await untilServing();
  } finally {
    expect(await late.stop()).toBe(0);
  }
}, 60_000);
