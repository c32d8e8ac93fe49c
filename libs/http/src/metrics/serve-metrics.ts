import { createServer, type Server } from 'node:http';
import { Registry } from 'prom-client';

export interface MetricsServer {
  /** As it was given, or the one that the system chose where 0 was. */
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves `GET /metrics` and nothing else, on a port of its own: how busy a broker is, and what it refuses, is not for
 * those who call it.
 *
 * In     text  of all metrics; when it fails, the answer is 503
 * Fails  Error when the port is taken
 */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  text: () => Promise<string>,
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: 5_000 }, (request, response) => {
    request.resume();
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    if (request.method !== 'GET') return void response.writeHead(405, { Allow: 'GET' }).end();
    text().then(
      (body) => response.writeHead(200, { 'Content-Type': Registry.PROMETHEUS_CONTENT_TYPE }).end(body),
      () => response.writeHead(503, { 'Retry-After': '1' }).end(),
    );
  });
  await listening(server, host, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
}
