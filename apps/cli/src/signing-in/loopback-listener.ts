import { createServer, type Server } from 'node:http';

/** Where the browser comes back to after the sign-in. */
export interface LoopbackListener {
  /** `http://127.0.0.1:<port>/callback`: any port is the same client (RFC 8252 §7.3). */
  readonly redirectUri: string;
  /** The first answer for this `state`. Others may knock as they like. */
  answer(state: string, patienceMs: number): Promise<URLSearchParams>;
  close(): void;
}

const PATH = '/callback';
const DONE = page('Signed in. You may close this window and go back to the terminal.');
const NOT_OURS = page('This is not an answer to a sign-in that was asked for here.');

/** Listens on a free port of the loopback interface, which nobody else can reach. */
export async function listenOnLoopback(): Promise<LoopbackListener> {
  let hear: (answer: URLSearchParams) => boolean = () => false;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const isOurs = request.method === 'GET' && url.pathname === PATH && hear(url.searchParams);
    response.writeHead(isOurs ? 200 : 400, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'",
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    response.end(isOurs ? DONE : NOT_OURS);
  });
  const port = await listen(server);
  return {
    redirectUri: `http://127.0.0.1:${port}${PATH}`,
    answer: (state, patienceMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('nobody signed in')), patienceMs);
        hear = (answer) => {
          if (answer.get('state') !== state) return false;
          clearTimeout(timer);
          resolve(answer);
          return true;
        };
      }),
    close: () => {
      server.close();
      server.closeIdleConnections();
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}

function page(sentence: string): string {
  return `<!doctype html><meta charset="utf-8"><title>oncekey</title><p>${sentence}</p>`;
}
