import type { AdminCaller } from '#core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** Not a property that a body or a plugin could set: what is in here was put here by the guard. */
const callers = new WeakMap<object, AdminCaller>();

export function rememberCaller(request: object, caller: AdminCaller): void {
  callers.set(request, caller);
}

/**
 * Who makes a call.
 *
 * Fails  Error when the guard did not let the request through
 */
export function callerOf(request: object): AdminCaller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('no guard has let this request through');
  return caller;
}

/** The AdminCaller, as a parameter of a handler. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(context.switchToHttp().getRequest<object>()),
);
