import { Agent, request } from 'node:http';

export interface PreparedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Driven {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  /** Answers of another status or body than expected, by what they were. */
  readonly unexpected: ReadonlyMap<string, number>;
  readonly bodies: readonly string[];
}

/**
 * Sends each request once, over so many connections, each as soon as the one before it on its connection was
 * answered (closed loop).
 */
export async function drive(
  url: string,
  requests: readonly PreparedRequest[],
  { connections, isExpected }: { connections: number; isExpected: (body: string) => boolean },
): Promise<Driven> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const bodies: string[] = [];
  const unexpected = new Map<string, number>();
  let next = 0;
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    for (let at = next++; at < requests.length; at = next++) {
      const prepared = requests[at];
      if (prepared === undefined) return;
      const sentAt = performance.now();
      const { status, body } = await send(url, prepared, agent);
      latencies.push(performance.now() - sentAt);
      if (status === 200 && isExpected(body)) bodies.push(body);
      else {
        const what = `${status} ${body.slice(0, 120)}`;
        unexpected.set(what, (unexpected.get(what) ?? 0) + 1);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return { seconds, latenciesMs: latencies, unexpected, bodies };
}

function send(
  url: string,
  { path, headers, body }: PreparedRequest,
  agent: Agent,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url + path,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
