import { STATUS_CODES } from 'node:http';
import { REFUSALS } from '#core';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ExactPaths } from '../routing/exact-paths.ts';
import { EarlyRefusal } from '../oauth/early-refusal.ts';
import { sendJson } from '../oauth/send-json.ts';
import { InvalidBody, type BodyProblem } from './invalid-body.ts';

/** RFC 9457, with a JSON pointer for each fault of a body. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly errors?: readonly BodyProblem[];
}

/** The one place where a thrown value becomes `application/problem+json`. The OAuth endpoints never answer so. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly options: { paths: ExactPaths; log: Logger }) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const served = this.options.paths.served(request.url);
    const status = served === null ? 404 : statusOf(thrown);
    if (status >= 500) this.options.log.error({ err: thrown, request: request.id }, 'fault');

    const problem: Problem = {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      ...(thrown instanceof InvalidBody ? { errors: thrown.errors } : {}),
    };
    const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' };
    if (status === 405) headers['Allow'] = served?.methods.join(', ') ?? '';
    sendJson(http.getResponse<FastifyReply>(), { status, body: problem, headers });
  }
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof EarlyRefusal) return REFUSALS[thrown.refusal.reason].status;
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status: unknown = thrown instanceof Error ? Reflect.get(thrown, 'statusCode') : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
