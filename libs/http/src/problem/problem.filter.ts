import { STATUS_CODES } from 'node:http';
import {
  ADMIN_PROBLEMS,
  AdminProblem,
  REFUSALS,
  Unavailable,
  type AdminReason,
  type ProblemDetail,
} from '#core';
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
  readonly errors?: readonly (BodyProblem | ProblemDetail)[];
  /** Extension members. */
  readonly [member: string]: unknown;
}

/** The one place where a thrown value becomes `application/problem+json`. The OAuth endpoints never answer so. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly options: { paths: ExactPaths; log: Logger }) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const served = this.options.paths.served(request.url);
    const problem = served === null ? plain(404) : problemOf(thrown);
    this.report(thrown, problem, request);

    const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' };
    if (problem.status === 405) headers['Allow'] = served?.methods.join(', ') ?? '';
    if (problem.status === 503) headers['Retry-After'] = '1';
    sendJson(http.getResponse<FastifyReply>(), { status: problem.status, body: problem, headers });
  }

  private report(thrown: unknown, { status }: Problem, { id }: FastifyRequest): void {
    if (status === 503) this.options.log.warn({ err: thrown, request: id }, 'unavailable');
    else if (status >= 500) this.options.log.error({ err: thrown, request: id }, 'fault');
  }
}

function problemOf(thrown: unknown): Problem {
  if (thrown instanceof AdminProblem) return ofReason(thrown.reason, thrown.errors, thrown.members);
  if (thrown instanceof InvalidBody) return ofReason('admin.invalid', thrown.errors);
  if (thrown instanceof Unavailable) return ofReason('admin.unavailable');
  const status = statusOf(thrown);
  const reason = REASON_OF_STATUS[status];
  return reason === undefined ? plain(status) : ofReason(reason);
}

/** What the framework throws before a controller is called, in our words. */
const REASON_OF_STATUS: Readonly<Record<number, AdminReason>> = {
  400: 'admin.malformed',
  413: 'admin.too_large',
  415: 'admin.wrong_media_type',
  500: 'admin.fault',
};

function ofReason(
  reason: AdminReason,
  errors: Problem['errors'] & {} = [],
  members: Readonly<Record<string, unknown>> = {},
): Problem {
  const { status, title } = ADMIN_PROBLEMS[reason];
  return {
    ...members,
    type: `urn:oncekey:problem:${reason}`,
    title,
    status,
    ...(errors.length > 0 ? { errors } : {}),
  };
}

/** No such path, or another method than those in `Allow`: there is nothing to say that HTTP does not. */
function plain(status: number): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status };
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof EarlyRefusal) return REFUSALS[thrown.refusal.reason].status;
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status: unknown = thrown instanceof Error ? Reflect.get(thrown, 'statusCode') : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
