import { startEmbeddedPostgres, type EmbeddedPostgres } from '#embedded-postgres';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { migrate } from '../support/deployment/migrate.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { eventually } from '../support/eventually.ts';
import { LONGEST_ANSWER_MS } from '../support/expect-honest.ts';
import { freezeProcess } from '../support/freeze-process.ts';

const AT_ONCE = 400;
const LIVE_TOKENS = 40;

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

interface Heard {
  readonly answer: Answer;
  readonly tookMs: number;
}

/** As many introspections at once, of live tokens and of nonsense; signed before the first is sent. */
async function storm(tokens: readonly string[]): Promise<readonly Heard[]> {
  const prepared = Array.from({ length: AT_ONCE }, (_, at) => {
    const token = tokens[at] ?? `once_${at}`;
    return { token, client_assertion: caller.serverAssertion(), dpop_proof: caller.apiProof(token) };
  });
  return Promise.all(
    prepared.map(async ({ token, ...changes }) => {
      const began = performance.now();
      const answer = await caller.introspect(token, changes);
      return { answer, tookMs: performance.now() - began };
    }),
  );
}

it('I-48 a storm on a database that hangs: 503 and Retry-After in time, and nothing is active after the timeout', async () => {
  const tokens = await Promise.all(Array.from({ length: LIVE_TOKENS }, () => caller.token()));
  const thaw = freezeProcess(server.pid);
  const heard: Heard[] = [];
  try {
    // What comes once the ledger is known to be away need not wait for it.
    for (let wave = 0; wave < 3; wave++) heard.push(...(await storm(tokens)));
  } finally {
    thaw();
  }
  for (const { answer, tookMs } of heard) {
    expect([answer.status, answer.body['error']]).toEqual([503, 'temporarily_unavailable']);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.text).not.toContain('active');
    expect(tookMs).toBeLessThan(LONGEST_ANSWER_MS);
  }
  await eventually(async () => (await deployment.brokers[0]?.readiness()) === 200, 5_000);
  // A 503 says nothing about a token: the one that was sent may have been spent. Each is good for one use at most.
  const after = await Promise.all(tokens.map((token) => caller.introspect(token)));
  const again = await Promise.all(tokens.map((token) => caller.introspect(token)));
  for (const { status } of [...after, ...again]) expect(status).toBe(200);
  for (const { text } of again) expect(text).toBe('{"active":false}');
  await expectServed(caller);
}, 60_000);

it('I-48 a storm of more than the broker can do: everybody is answered, and each token once', async () => {
  const tokens = await Promise.all(Array.from({ length: LIVE_TOKENS }, () => caller.token()));
  const waves = Array.from({ length: 5 }, () => storm(tokens));
  const heard = (await Promise.all(waves)).flat();
  const statuses = new Set(heard.map(({ answer }) => answer.status));
  expect([...statuses].every((status) => status === 200 || status === 503)).toBe(true);
  for (const { answer } of heard.filter(({ answer: { status } }) => status === 503)) {
    expect(answer.headers.get('retry-after')).toMatch(/^[123]$/);
  }
  const honoured = heard.flatMap(({ answer }) =>
    answer.body['active'] === true ? [answer.body['jti']] : [],
  );
  expect(new Set(honoured).size).toBe(honoured.length);
  expect(honoured.length).toBeGreaterThan(0);
  await expectServed(caller);
}, 60_000);
