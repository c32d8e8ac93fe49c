import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';

/** A request as a stand-in saw it. */
export interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly url: string;
  readonly body: Buffer;
  readonly form: URLSearchParams;
}

export type Handler = (seen: Seen, response: ServerResponse) => void;

const servers: Server[] = [];

/** Serves on a free port of this machine until `closeAll`; resolves to the origin. */
export async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { headers, method = '', url = '' } = request;
      handler({ headers, method, url, body, form: new URLSearchParams(body.toString()) }, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

export async function closeAll(): Promise<void> {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
}

/** An answer in JSON, always the same. */
export function answers(status: number, body: unknown, headers: Record<string, string> = {}): Handler {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

export const GRANTED = {
  access_token: 'once_abc.def',
  issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  token_type: 'DPoP',
  expires_in: 15,
  authorization_details: [{ type: 'http_operation' }],
};

export const grants = answers(200, GRANTED, { 'dpop-nonce': 'n-next' });
export const asksForNonce = answers(400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': 'n-1' });
export const hangsUp: Handler = (_, response) => response.socket?.destroy();
export const neverAnswers: Handler = () => undefined;
export const showsAnErrorPage =
  (status: number): Handler =>
  (_, response) => {
    response.writeHead(status).end('<html>');
  };

export const metadataOf = (issuer: string): object => ({ issuer, token_endpoint: `${issuer}/token` });

/** A broker that serves its metadata and answers exchanges one after the other; the last answer is repeated. */
export async function standInBroker(
  handlers: readonly Handler[],
  metadata: (issuer: string) => object = metadataOf,
): Promise<{ issuer: string; exchanges: readonly Seen[]; discoveries: () => number }> {
  const exchanges: Seen[] = [];
  let discoveries = 0;
  const issuer = await serve((seen, response) => {
    if (seen.url === '/.well-known/oauth-authorization-server') {
      discoveries++;
      answers(200, metadata(issuer))(seen, response);
    } else {
      exchanges.push(seen);
      (handlers[exchanges.length - 1] ?? handlers.at(-1))?.(seen, response);
    }
  });
  return { issuer, exchanges, discoveries: () => discoveries };
}
