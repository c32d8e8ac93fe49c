import type { FastifyReply } from 'fastify';
import { hasMoreToCome } from './has-more-to-come.ts';

export interface JsonAnswer {
  readonly status: number;
  /** Serialised already, or to be serialised here, once. */
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `application/json`. */
  readonly mediaType?: string;
  /** Default: nobody may keep it (RFC 6749 §5.1). */
  readonly cacheControl?: string;
}

/** Sends JSON, or what is made of it. Every answer of ours goes through here, so that none lacks the headers that all must have. */
export function sendJson(
  reply: FastifyReply,
  { status, body, headers, mediaType = 'application/json', cacheControl }: JsonAnswer,
): void {
  void reply
    .code(status)
    .header('Content-Type', mediaType)
    .header('Cache-Control', cacheControl ?? 'no-store')
    .header('X-Content-Type-Options', 'nosniff');
  if (cacheControl === undefined) void reply.header('Pragma', 'no-cache');
  if (headers !== undefined) void reply.headers(headers);
  if (hasMoreToCome(reply.request.raw)) void reply.header('Connection', 'close');
  void reply.send(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Answers by a status alone. */
export function sendNothing(reply: FastifyReply, status: 202 | 204): void {
  void reply.code(status).header('Cache-Control', 'no-store').header('X-Content-Type-Options', 'nosniff');
  void reply.send();
}
