import type { AdminCaller, IdempotentRequest } from '#core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../calls/caller.ts';
import { readIdempotency } from '../calls/idempotency.ts';

/** A decision about one request that waits, beside its body. */
export interface DecisionCall {
  readonly caller: AdminCaller;
  readonly idempotency: IdempotentRequest | null;
  readonly id: string;
}

/** Fails  admin.malformed */
export const Decision = createParamDecorator((_: unknown, context: ExecutionContext): DecisionCall => {
  const request = context.switchToHttp().getRequest<FastifyRequest<{ Params: { id: string } }>>();
  return { caller: callerOf(request), idempotency: readIdempotency(request), id: request.params.id };
});
