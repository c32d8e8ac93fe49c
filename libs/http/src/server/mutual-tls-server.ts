import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { answerClientError } from './answer-client-error.ts';
import { LIMITED_SERVER, limitConnections } from './http-limits.ts';

const HANDSHAKE_TIMEOUT_MS = 9_000;

export interface MutualTlsIdentity {
  /** PEM, with the chain that clients need. */
  readonly certificate: Buffer;
  /** PEM. */
  readonly key: Buffer;
}

/**
 * A server that asks each client for its certificate, and takes whichever comes: TLS proves that the client has its
 * key, and who that makes it is for the registrations to say, at each request. No session is resumed, so that no
 * connection goes on with a certificate that it has not proved; there is no early data and no renegotiation.
 */
export function mutualTlsServer(
  serve: (request: IncomingMessage, response: ServerResponse) => void,
  { certificate, key }: MutualTlsIdentity,
): Server {
  const server = createServer(
    {
      cert: certificate,
      key,
      // Nobody: which authorities count differs between registrations, and no certificate is added to a chain from here.
      ca: [],
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      ...LIMITED_SERVER,
    },
    serve,
  );
  limitConnections(server);
  server.on('clientError', answerClientError);
  return server;
}

const SWEEP_MS = 50;

/** Takes no more connections, and resolves when what was under way on them is answered. */
export function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection whose last request was under way becomes idle only later.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}
