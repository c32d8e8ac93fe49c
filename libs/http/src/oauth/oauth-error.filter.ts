import {
  OAuthError,
  toOAuthResponse,
  type AuditEvent,
  type OAuthErrorResponse,
  type RefusalReason,
} from '#core';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ExactPaths } from '../routing/exact-paths.ts';
import { EarlyRefusal } from './early-refusal.ts';
import { sendJson, type JsonAnswer } from './send-json.ts';

export interface OAuthErrorFilterOptions {
  readonly paths: ExactPaths;
  readonly log: Logger;
  /** Routes whose refusals belong into the audit log. */
  readonly audited: Readonly<Record<string, AuditEvent['type']>>;
  /** Routes that word their refusals otherwise than RFC 6749 does. */
  readonly wordings: Readonly<Record<string, (answer: OAuthErrorResponse) => JsonAnswer>>;
  /** Hears of each refusal of an audited route. */
  readonly onRefused?: (request: FastifyRequest, reason: RefusalReason) => void;
  /** Puts a refusal on record. Fails  never: answers Unavailable when it cannot be written */
  readonly record: (type: AuditEvent['type'], refusal: OAuthError) => Promise<OAuthError>;
}

/**
 * The one place where a thrown value becomes an OAuth answer (RFC 6749 §5.2), and where a request that was refused
 * before its pipeline began gets on record. An OAuthError comes out of a pipeline, which has recorded it.
 */
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  constructor(private readonly options: OAuthErrorFilterOptions) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    this.answer(thrown, request, reply).catch((failed: unknown) => {
      this.options.log.error({ err: failed, request: request.id }, 'the refusal could not be answered');
      request.raw.destroy();
    });
  }

  private async answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { paths, audited, wordings, record } = this.options;
    const served = paths.served(request.url);
    const type = audited[request.url];
    if (served === null) return sendJson(reply, NOT_FOUND);
    if (type === undefined) return sendJson(reply, this.plainAnswer(thrown, request, served.methods));

    const refusal = thrown instanceof OAuthError ? thrown : await record(type, refusalOf(thrown));
    this.logFault(refusal, request);
    this.options.onRefused?.(request, refusal.reason);
    const answer = toOAuthResponse(refusal);
    sendJson(reply, wordings[request.url]?.(answer) ?? challenged(answer, request));
  }

  /** The read-only endpoints: nobody is told no there, so there is nothing to record. */
  private plainAnswer(
    thrown: unknown,
    request: FastifyRequest,
    methods: readonly string[],
  ): OAuthErrorResponse {
    const refusal = thrown instanceof OAuthError ? thrown : refusalOf(thrown);
    this.logFault(refusal, request);
    const answer = toOAuthResponse(refusal);
    if (answer.status !== 405) return answer;
    const body = { error: answer.body.error, error_description: 'the method is not allowed' };
    return { ...answer, body, headers: { Allow: methods.join(', ') } };
  }

  private logFault(refusal: OAuthError, { id }: FastifyRequest): void {
    const { reason, reasonId, detail } = refusal;
    if (reason === 'broker.fault') {
      this.options.log.error({ request: id, reasonId, err: refusal.cause ?? refusal }, 'fault');
    } else if (reason === 'broker.unavailable') {
      const { cause } = refusal;
      const because = cause instanceof Error ? cause.message : null;
      this.options.log.warn({ request: id, detail, because }, 'unavailable');
    }
  }
}

const NOT_FOUND = {
  status: 404,
  body: { error: 'invalid_request', error_description: 'there is nothing here' },
};

/** What the framework throws, in our words: it throws before a controller is called. */
function refusalOf(thrown: unknown): OAuthError {
  if (thrown instanceof EarlyRefusal) return thrown.refusal;
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusOf(thrown);
  if (status === 413) return new OAuthError('request.too_large');
  if (status === 415) return new OAuthError('request.wrong_media_type');
  if (status >= 400 && status < 500) return new OAuthError('request.malformed');
  return new OAuthError('broker.fault', null, { cause: thrown });
}

/** Fastify's own errors say what they are in `statusCode`. */
function statusOf(thrown: unknown): number {
  const status: unknown = thrown instanceof Error ? Reflect.get(thrown, 'statusCode') : null;
  return typeof status === 'number' ? status : 500;
}

/** A challenge only for whoever used the header that it answers, and of the same scheme (RFC 6749 §5.2). */
function challenged(answer: OAuthErrorResponse, { headers }: FastifyRequest): OAuthErrorResponse {
  if (answer.status !== 401 || headers.authorization === undefined) return answer;
  const isBearer = /^Bearer(?: |$)/i.test(headers.authorization);
  const { error } = answer.body;
  // RFC 6750 §3: of a bearer token it is told that the token was what is wrong.
  const challenge = `${isBearer ? 'Bearer' : 'Basic'} realm="oncekey"${error === 'invalid_token' ? `, error="${error}"` : ''}`;
  return { ...answer, headers: { ...answer.headers, 'WWW-Authenticate': challenge } };
}
