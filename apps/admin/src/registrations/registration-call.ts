import type { AdminCaller, IdempotentRequest } from '#core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../calls/caller.ts';
import { readIdempotency } from '../calls/idempotency.ts';
import { readIfMatch } from '../calls/if-match.ts';

/** A POST, beside its body. */
export interface CreateCall {
  readonly caller: AdminCaller;
  readonly idempotency: IdempotentRequest | null;
}

/** A PUT or DELETE, beside its body. */
export interface ChangeCall {
  readonly caller: AdminCaller;
  readonly id: string;
  readonly version: string;
}

/** A report about one resource: it changes no version, and asks for none. */
export interface ReportCall {
  readonly caller: AdminCaller;
  readonly id: string;
}

export const Creation = createParamDecorator((_: unknown, context: ExecutionContext): CreateCall => {
  const request = requestOf(context);
  return { caller: callerOf(request), idempotency: readIdempotency(request) };
});

export const Change = createParamDecorator((_: unknown, context: ExecutionContext): ChangeCall => {
  const request = requestOf(context);
  return { caller: callerOf(request), id: request.params.id, version: readIfMatch(request) };
});

export const Report = createParamDecorator((_: unknown, context: ExecutionContext): ReportCall => {
  const request = requestOf(context);
  return { caller: callerOf(request), id: request.params.id };
});

function requestOf(context: ExecutionContext): FastifyRequest<{ Params: { id: string } }> {
  return context.switchToHttp().getRequest<FastifyRequest<{ Params: { id: string } }>>();
}
