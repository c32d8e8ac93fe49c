import { Pool } from 'undici';
import type { Latency } from '../latency.ts';
import type { PreparedRequest } from '../send.ts';

export interface Answered {
  /** 0 when the connection broke. */
  readonly status: number;
  /** From when it was due, so that a load generator that is late does not flatter anybody. */
  readonly latencyMs: number;
  /** Since the load began, when the answer was there. */
  readonly atMs: number;
  readonly hasRetryAfter: boolean;
}

export interface Offered {
  readonly requests: readonly PreparedRequest[];
  readonly perSecond: number;
  /** The address to send from: a source of its own. */
  readonly localAddress?: string;
}

/** More than a broker works on and keeps waiting, so that no request waits for one; less than it accepts. */
const CONNECTIONS = 2_000;

/** A server is offered no more new connections at a time than its system keeps for it until it accepts them. */
const OPENED_AT_A_TIME = 200;

/**
 * Sends each request once, at its own time and at even distances, whether those before it were answered or not, and
 * whatever the answer is. With as little work as possible for each: the load generator shares its cores with the broker.
 * Connections are open before it begins: what is measured is requests.
 */
export async function offer(
  url: string,
  { requests, perSecond, localAddress }: Offered,
): Promise<readonly Answered[]> {
  const pool = new Pool(url, {
    connections: CONNECTIONS,
    ...(localAddress === undefined ? {} : { connect: { localAddress } }),
  });
  await openAll(pool, Math.min(CONNECTIONS, requests.length));
  const startedAt = performance.now();
  const answers: Promise<Answered>[] = [];
  await new Promise<void>((resolve) => {
    const sendDue = (): void => {
      const elapsedMs = performance.now() - startedAt;
      const dueCount = Math.min(requests.length, Math.floor((elapsedMs * perSecond) / 1000) + 1);
      for (const prepared of requests.slice(answers.length, dueCount)) {
        const dueAt = startedAt + (answers.length * 1000) / perSecond;
        answers.push(send(pool, prepared, { startedAt, dueAt }));
      }
      if (answers.length >= requests.length) resolve();
      else setTimeout(sendDue, 1);
    };
    sendDue();
  });
  const heard = await Promise.all(answers);
  await pool.destroy();
  return heard;
}

/** The pool opens one for each request that finds all others busy. */
async function openAll(pool: Pool, count: number): Promise<void> {
  while (pool.stats.connected < count) {
    const more = Math.min(count, pool.stats.connected + OPENED_AT_A_TIME);
    await Promise.all(Array.from({ length: more }, () => ask(pool)));
  }
}

async function ask(pool: Pool): Promise<void> {
  const { body } = await pool.request({ method: 'GET', path: '/livez' });
  await body.dump();
}

function send(
  pool: Pool,
  { path, headers, body }: PreparedRequest,
  { startedAt, dueAt }: { readonly startedAt: number; readonly dueAt: number },
): Promise<Answered> {
  return new Promise((resolve) => {
    const heard = { status: 0, hasRetryAfter: false };
    const answered = (): void => {
      const now = performance.now();
      resolve({ ...heard, latencyMs: now - dueAt, atMs: now - startedAt });
    };
    pool.dispatch(
      { method: 'POST', path, headers: { ...headers }, body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status, fields) => {
          heard.status = status;
          heard.hasRetryAfter = fields['retry-after'] !== undefined;
        },
        onResponseEnd: answered,
        onResponseError: () => {
          heard.status = 0;
          answered();
        },
      },
    );
  });
}

export function isServed({ status }: Answered): boolean {
  return status === 200;
}

export function isTurnedAway({ status }: Answered): boolean {
  return status === 503 || status === 429;
}

/** Adds the latencies of these answers to a histogram. */
export function recordIn(latency: Latency, answers: readonly Answered[]): Latency {
  for (const { latencyMs } of answers) latency.record(latencyMs);
  return latency;
}
