import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

export interface AskedServer {
  readonly port: number;
  readonly origin: string;
  /** What came, in order. */
  readonly asked: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[];
}

/** Servers of one test on 127.0.0.1, on ports that the system picks. */
export class LocalServers {
  private readonly open: Server[] = [];

  async listen(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.open.push(server);
    return (server.address() as AddressInfo).port;
  }

  /** An http server that does as it is told, and remembers what it was asked. */
  async answering(answer: (response: ServerResponse, path: string) => void): Promise<AskedServer> {
    const asked: { path: string; headers: IncomingHttpHeaders }[] = [];
    const port = await this.listen(
      createServer((request: IncomingMessage, response) => {
        const path = request.url ?? '';
        asked.push({ path, headers: request.headers });
        answer(response, path);
      }),
    );
    return { port, origin: `http://127.0.0.1:${port}`, asked };
  }

  async closeAll(): Promise<void> {
    for (const server of this.open.splice(0)) {
      if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') {
        server.closeAllConnections();
      }
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

export function answerJson(response: ServerResponse, document: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}
