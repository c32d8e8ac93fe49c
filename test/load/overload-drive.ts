import { Agent, request } from 'node:http';
import type { PreparedRequest } from './send.ts';

export interface Answered {
  /** 0 when the connection broke. */
  readonly status: number;
  readonly latencyMs: number;
  /** Since the load began, when the answer was there. */
  readonly atMs: number;
  readonly retryAfter: string | null;
}

export interface OpenLoop {
  readonly perSecond: number;
  readonly connections: number;
  /** The address to send from: a source of its own. */
  readonly localAddress?: string;
}

/**
 * Sends each request once, at its own time, whether those before it were answered or not (open loop). Latencies count
 * from the moment at which a request was due, so that a generator that is late does not flatter anybody.
 */
export async function driveOpenLoop(
  url: string,
  requests: readonly PreparedRequest[],
  { perSecond, connections, localAddress }: OpenLoop,
): Promise<readonly Answered[]> {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: connections,
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  const startedAt = performance.now();
  const answers: Promise<Answered>[] = [];
  await new Promise<void>((resolve) => {
    const sendDue = (): void => {
      const dueCount = Math.min(
        requests.length,
        Math.floor(((performance.now() - startedAt) * perSecond) / 1000) + 1,
      );
      for (let at = answers.length; at < dueCount; at++) {
        const prepared = requests[at];
        if (prepared === undefined) break;
        answers.push(send(url, prepared, { agent, startedAt, dueAt: startedAt + (at * 1000) / perSecond }));
      }
      if (answers.length >= requests.length) resolve();
      else setTimeout(sendDue, 1);
    };
    sendDue();
  });
  const heard = await Promise.all(answers);
  agent.destroy();
  return heard;
}

function send(
  url: string,
  { path, headers, body }: PreparedRequest,
  { agent, startedAt, dueAt }: { agent: Agent; startedAt: number; dueAt: number },
): Promise<Answered> {
  return new Promise((resolve) => {
    const answered = (status: number, retryAfter: string | null): void => {
      const now = performance.now();
      resolve({ status, latencyMs: now - dueAt, atMs: now - startedAt, retryAfter });
    };
    const outgoing = request(
      url + path,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        response.resume();
        response.on('end', () => answered(response.statusCode ?? 0, response.headers['retry-after'] ?? null));
        response.on('error', () => answered(0, null));
      },
    );
    outgoing.on('error', () => answered(0, null));
    outgoing.end(body);
  });
}
