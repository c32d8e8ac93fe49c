import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { headerValues, OAuthError } from '#core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { EarlyRefusal } from '../oauth/early-refusal.ts';
import type { ExactPaths } from '../routing/exact-paths.ts';
import { logRequest } from '../logging/log-request.ts';
import { answerCrossOrigin, type CrossOrigin } from './answer-cross-origin.ts';
import { answerClientError } from './answer-client-error.ts';
import { answerExpectation } from './answer-expectation.ts';
import { LIMITED_SERVER, limitConnections } from './http-limits.ts';
import { newRequestId } from './request-id.ts';

export interface HttpAdapterOptions {
  readonly paths: ExactPaths;
  readonly log: Logger;
  readonly maxBodyBytes: number;
  /** Turns requests away before anything is done for them: answers them, and says that they may not come in. */
  readonly letsIn?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** What pages of other origins may read; default: nothing. */
  readonly crossOrigin?: CrossOrigin;
  /** Hears of each request that was answered. */
  readonly observe?: (route: string, status: number, durationMs: number) => void;
}

const SWEEP_MS = 50;

/** Nest on Fastify, with our paths, our limits and nothing that guesses. */
export function createHttpAdapter(options: HttpAdapterOptions): FastifyAdapter {
  const { paths, log, maxBodyBytes, letsIn, crossOrigin, observe } = options;
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyBytes,
    serverFactory: (serve: RequestListener) =>
      httpServer((request, response) => {
        if (letsIn === undefined || letsIn(request, response)) serve(request, response);
      }),
    // What is under way when we stop is answered, and its connection closed.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: newRequestId,
    rewriteUrl: (request: IncomingMessage) => paths.routeOf(request.url ?? ''),
    clientErrorHandler: answerClientError,
    skipMiddie: true,
    multipart: false,
    // An id of 128 characters, each of them escaped.
    routerOptions: { maxParamLength: 1_152 },
  });
  const fastify = adapter.getInstance();
  const { server } = fastify;
  fastify.addHook('preClose', (done) => {
    // A connection whose last request was under way becomes idle only now, and would be kept for a minute.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.once('close', () => clearInterval(sweep));
    done();
  });
  if (crossOrigin !== undefined) fastify.addHook('onRequest', answerCrossOrigin(paths, crossOrigin));
  fastify.addHook('onRequest', (request: FastifyRequest, _reply: FastifyReply, done) => {
    done(firstFault(request, paths));
  });
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    logRequest(log, request, reply);
    observe?.(request.routeOptions.url ?? '', reply.statusCode, reply.elapsedTime);
    done();
  });
  server.on('checkContinue', (request, response: ServerResponse) =>
    answerExpectation({
      request,
      response,
      maxBodyBytes,
      serve: () => server.emit('request', request, response),
    }),
  );
  return adapter;
}

/** With our limits on what one connection may take. */
function httpServer(serve: RequestListener): Server {
  const server = createServer(LIMITED_SERVER, serve);
  limitConnections(server);
  return server;
}

/** What can be refused before the body is read. */
function firstFault(request: FastifyRequest, paths: ExactPaths): EarlyRefusal | undefined {
  const { raw, originalUrl } = request;
  const served = paths.served(request.url);
  if (served === null || !served.methods.includes(raw.method ?? '')) {
    return new EarlyRefusal(new OAuthError('request.wrong_method'));
  }
  if (raw.httpVersion !== '1.1' && raw.httpVersion !== '1.0') return malformed('HTTP version');
  // RFC 9112 §3.2: without a host, or with two, somebody in between may have understood another request.
  const hosts = headerValues({ rawHeaders: raw.rawHeaders }, 'host').length;
  if (hosts > 1 || (hosts === 0 && raw.httpVersion === '1.1')) return malformed(`${hosts} Host headers`);
  if (served.refusesQuery && originalUrl.includes('?')) return malformed('parameters in the query');
  return undefined;
}

function malformed(detail: string): EarlyRefusal {
  return new EarlyRefusal(new OAuthError('request.malformed', detail));
}
