import type { AdminCaller, IdempotentRequest } from '#core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf } from './caller.ts';
import { readIdempotency } from './idempotency.ts';
import { readIfMatch } from './if-match.ts';

/** A call that changes something of which there is one, such as the draft. */
export interface VersionedCall {
  readonly caller: AdminCaller;
  readonly idempotency: IdempotentRequest | null;
  /** Of If-Match, without its quotes. */
  readonly version: string;
}

/** Fails  admin.precondition_required | admin.precondition_failed | admin.malformed */
export const Versioned = createParamDecorator((_: unknown, context: ExecutionContext): VersionedCall => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return {
    caller: callerOf(request),
    idempotency: readIdempotency(request),
    version: readIfMatch(request),
  };
});
