import type { AdminCaller, IdempotentRequest } from '#core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../calls/caller.ts';
import { readIdempotency } from '../calls/idempotency.ts';
import { readIfMatch } from '../calls/if-match.ts';

/** A call that makes something live. */
export interface VersionedReleaseCall {
  readonly caller: AdminCaller;
  readonly idempotency: IdempotentRequest | null;
  /** Of If-Match, without its quotes. */
  readonly version: string;
  /** Of the path, where it has one. */
  readonly number: string;
}

/** Fails  admin.precondition_required | admin.precondition_failed | admin.malformed */
export const ReleaseCall = createParamDecorator(
  (_: unknown, context: ExecutionContext): VersionedReleaseCall => {
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Params: { number?: string } }>>();
    return {
      caller: callerOf(request),
      idempotency: readIdempotency(request),
      version: readIfMatch(request),
      number: request.params.number ?? '',
    };
  },
);
