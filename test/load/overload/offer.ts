import { Client } from 'undici';
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
}

/** A server is offered no more new connections at a time than its system keeps for it until it accepts them. */
const OPENED_AT_A_TIME = 200;

/** Callers who send whatever the answers are. Their connections are open before they begin: what is measured is requests. */
export class Callers {
  private readonly idle: Client[];

  private constructor(private readonly connections: readonly Client[]) {
    this.idle = [...connections];
  }

  /** `localAddress`: to send from, a source of its own. */
  static async open(url: string, count: number, localAddress?: string): Promise<Callers> {
    const connections: Client[] = [];
    while (connections.length < count) {
      const more = Array.from(
        { length: Math.min(OPENED_AT_A_TIME, count - connections.length) },
        () => new Client(url, localAddress === undefined ? {} : { localAddress }),
      );
      connections.push(...more);
      await Promise.all(more.map(ask));
    }
    return new Callers(connections);
  }

  /**
   * Sends each request once, at its own time and at even distances, whether those before it were answered or not. With
   * as little work as possible for each: the load generator shares its cores with the broker.
   */
  async offer({ requests, perSecond }: Offered): Promise<readonly Answered[]> {
    const startedAt = performance.now();
    const answers: Promise<Answered>[] = [];
    await new Promise<void>((resolve) => {
      const sendDue = (): void => {
        const elapsedMs = performance.now() - startedAt;
        const dueCount = Math.min(requests.length, Math.floor((elapsedMs * perSecond) / 1000) + 1);
        for (const prepared of requests.slice(answers.length, dueCount)) {
          const dueAt = startedAt + (answers.length * 1000) / perSecond;
          answers.push(this.send(prepared, { startedAt, dueAt }));
        }
        if (answers.length >= requests.length) resolve();
        else setTimeout(sendDue, 1);
      };
      sendDue();
    });
    return Promise.all(answers);
  }

  async close(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.destroy()));
  }

  private send(
    { path, headers, body }: PreparedRequest,
    { startedAt, dueAt }: { readonly startedAt: number; readonly dueAt: number },
  ): Promise<Answered> {
    const connection = this.idle.pop();
    // Nobody waits for a connection: whoever finds none was not answered.
    if (connection === undefined)
      return Promise.resolve({ status: 0, hasRetryAfter: false, latencyMs: 0, atMs: dueAt - startedAt });
    return new Promise((resolve) => {
      const heard = { status: 0, hasRetryAfter: false };
      const answered = (): void => {
        const now = performance.now();
        this.idle.push(connection);
        resolve({ ...heard, latencyMs: now - dueAt, atMs: now - startedAt });
      };
      connection.dispatch(
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
}

async function ask(connection: Client): Promise<void> {
  const { body } = await connection.request({ method: 'GET', path: '/livez' });
  await body.dump();
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
