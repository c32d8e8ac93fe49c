import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';

/** An introspection as the stand-in saw it. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

export type Handler = (asked: Asked, response: ServerResponse) => void;

export const RESOURCE = 'https://api.example/';

const servers: Server[] = [];

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

/** The members of a positive answer to this introspection, as an honest broker would make them. */
export function membersFor({ form }: Asked, issuer: string): Record<string, unknown> {
  return {
    active: true,
    iss: issuer,
    aud: RESOURCE,
    sub: 'ada',
    sub_iss: 'https://idp.example',
    client_id: 'desk',
    jti: 'j-1',
    txn: 't-1',
    scope: 'orders.refund',
    iat: 1_800_000_000,
    exp: 1_800_000_015,
    ...(form.get('dpop_proof') === null
      ? { token_type: 'Bearer' }
      : { token_type: 'DPoP', cnf: { jkt: 'thumb' } }),
    htm: form.get('http_method'),
    htu: form.get('http_target_uri'),
    authorization_details: [{ type: 'http_operation' }],
    acr: 'phr',
    amr: ['hwk'],
    auth_time: 1_799_999_990,
  };
}

/** A positive answer, with members changed; `undefined` takes one away. */
export function accepts(changes: Record<string, unknown> = {}): Handler {
  return (asked, response) => {
    const issuer = `http://${asked.headers.host ?? ''}`;
    answers(200, { ...membersFor(asked, issuer), ...changes })(asked, response);
  };
}

export const refuses = answers(200, { active: false }, { 'oncekey-reason-id': 'r-1' });
export const hangsUp: Handler = (_, response) => response.socket?.destroy();
export const neverAnswers: Handler = () => undefined;
export const breaksOff: Handler = (_, response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('{"active":true');
  setTimeout(() => response.destroy(), 20);
};
export const showsAnErrorPage =
  (status: number): Handler =>
  (_, response) => {
    response.writeHead(status).end('<html>');
  };

export const metadataOf = (issuer: string): object => ({
  issuer,
  introspection_endpoint: `${issuer}/introspect`,
});

/** Of a broker that gives out caller tokens. */
export const givingMetadata = (issuer: string): object => ({
  ...metadataOf(issuer),
  token_endpoint: `${issuer}/token`,
  grant_types_supported: ['client_credentials'],
  introspection_endpoint_auth_methods_supported: ['private_key_jwt', 'Bearer'],
});

/** Serves its metadata, and answers introspections one after the other; the last answer is repeated. */
export async function standInBroker(
  handlers: readonly Handler[],
  metadata: (issuer: string) => object = metadataOf,
): Promise<{ issuer: string; asked: readonly Asked[]; discoveries: () => number }> {
  const asked: Asked[] = [];
  let discoveries = 0;
  let issuer = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers } = request;
      const now = {
        path: request.url ?? '',
        headers,
        form: new URLSearchParams(Buffer.concat(chunks).toString()),
      };
      if (request.url === '/.well-known/oauth-authorization-server') {
        discoveries++;
        answers(200, metadata(issuer))(now, response);
      } else if (request.method !== 'POST') {
        // Whoever polled what had this port before is none of ours.
        answers(404, {})(now, response);
      } else {
        asked.push(now);
        (handlers[asked.length - 1] ?? handlers.at(-1))?.(now, response);
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  issuer = `http://127.0.0.1:${address.port}`;
  return { issuer, asked, discoveries: () => discoveries };
}
