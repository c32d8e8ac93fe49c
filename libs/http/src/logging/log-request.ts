import { REASON_ID_HEADER } from '#core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/** Asked every few seconds by whoever watches us. */
const PROBES = new Set(['/livez', '/readyz']);

/** One line per request. Never its query, its body or a header of it; the route is one of ours, not what was sent. */
export function logRequest(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const level = reply.statusCode < 500 && PROBES.has(request.url) ? 'debug' : 'info';
  if (!log.isLevelEnabled(level)) return;
  const reasonId = reply.getHeader(REASON_ID_HEADER);
  log[level](
    {
      request: request.id,
      method: request.method,
      route: request.routeOptions.url ?? request.url,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 100) / 100,
      ...(reasonId === undefined ? {} : { reasonId }),
    },
    'request',
  );
}
