import { writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { Caller } from '../support/deployment/caller.ts';
import { deploy } from '../support/deployment/deployment.ts';
import { markdownTable } from './markdown-table.ts';
import { publishTtl } from './propagation-release.ts';

/**
 * How long after the COMMIT of a release two broker processes decide on it. Each release gives one operation a token
 * life of its own, so that every answer tells by `expires_in` which release decided. Both brokers are asked without a
 * pause, and the time ends when the answer has arrived: the exchange itself is in it.
 */
const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    publishes: { type: 'string', default: '200' },
    json: { type: 'string' },
  },
});
const publishes = values.smoke ? 10 : Number(values.publishes);

/** What no broker may need longer for. */
const BOUND_MS = 1_000;
const GIVE_UP_MS = 10_000;

interface Row {
  readonly changes: string;
  readonly broker: string;
  readonly publishes: number;
  readonly minMs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const postgres = await startEmbeddedPostgres({ env: process.env, durable: true });
  const deployment = await deploy({ databaseUrl: postgres.url, brokers: 2 });
  const database = new Client({ connectionString: postgres.url });
  try {
    await database.connect();
    const callers = deployment.brokers.map((_, at) => new Caller(deployment, at));
    const measure = async (changes: string, count: number): Promise<Row[]> => {
      const took = callers.map((): number[] => []);
      for (let round = 0; round < count; round++) {
        await Promise.all(callers.map((caller) => caller.learnNonce({ again: true })));
        // Not in step with the brokers' own rhythm.
        await sleep(Math.random() * 500);
        const ttl = 20 + (round % 200);
        const committedAt = await publishTtl(database, ttl);
        const all = await Promise.all(callers.map((caller) => untilDecidedBy(caller, ttl)));
        for (const [at, decidedAt] of all.entries()) took[at]?.push(decidedAt - committedAt);
      }
      const slower = (took[0] ?? []).map((first, at) => Math.max(first, took[1]?.[at] ?? first));
      return [...took, slower].map((times, at) => ({
        changes,
        broker: at < took.length ? `${at + 1}` : 'the slower',
        ...figures(times),
      }));
    };

    await measure('warm-up', values.smoke ? 2 : 10);
    const rows = await measure('notified', publishes);
    const { rows: functions } = await database.query<{ source: string }>(
      "SELECT pg_get_functiondef('bump_trust_revision'::regproc) AS source",
    );
    await database.query((functions[0]?.source ?? '').replace('NOTIFY oncekey_trust;', ''));
    rows.push(...(await measure('notification lost', publishes)));

    say(
      `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${platform()}/${arch()}, Node ${process.version}`,
    );
    say('100 policies over 40 resource servers; Postgres and both brokers on this machine\n');
    say(render(rows));
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(rows, null, 2));
    if (rows.some(({ maxMs }) => maxMs >= BOUND_MS)) throw new Error(`slower than ${BOUND_MS} ms`);
  } finally {
    await database.end();
    await deployment.stop();
    await postgres.stop();
  }
}

/** Asks until an answer was decided by the release of this token life; when that answer had arrived. */
async function untilDecidedBy(caller: Caller, ttl: number): Promise<number> {
  const from = performance.now();
  for (;;) {
    const { status, body, text } = await caller.exchange();
    const at = performance.now();
    if (status !== 200) throw new Error(`an exchange answered ${status}: ${text}`);
    if (body['expires_in'] === ttl) return at;
    if (at - from > GIVE_UP_MS) throw new Error(`no decision on the new release in ${GIVE_UP_MS} ms`);
  }
}

function figures(times: readonly number[]): Omit<Row, 'changes' | 'broker'> {
  const sorted = times.toSorted((a, b) => a - b);
  const quantile = (q: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
  return {
    publishes: times.length,
    minMs: quantile(0),
    medianMs: quantile(0.5),
    p99Ms: quantile(0.99),
    maxMs: quantile(1),
  };
}

function render(rows: readonly Row[]): string {
  const head = ['changes', 'broker', 'publishes', 'min ms', 'median ms', 'p99 ms', 'max ms'];
  const lines = rows.map(({ changes, broker, publishes: count, minMs, medianMs, p99Ms, maxMs }) => [
    changes,
    broker,
    String(count),
    ...[minMs, medianMs, p99Ms, maxMs].map((ms) => ms.toFixed(0)),
  ]);
  return markdownTable(head, lines, 2);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
