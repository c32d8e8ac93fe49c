import { AdminProblem } from '#core';
import type { FastifyRequest } from 'fastify';
import { fieldsOf } from './header-values.ts';

/** RFC 9110 §8.8.3, without the weak ones: what is compared strongly must be strong. */
const STRONG = /^"([\x21\x23-\x7e]{1,256})"$/;

/**
 * The version that a change is about, without its quotes. One strong ETag and nothing else: `*` and lists would be
 * ways to change what one has not read.
 *
 * Fails  admin.precondition_required | admin.precondition_failed
 */
export function readIfMatch(request: Pick<FastifyRequest, 'raw'>): string {
  const [field, another] = fieldsOf(request, 'if-match');
  if (field === undefined) throw new AdminProblem('admin.precondition_required');
  const version = STRONG.exec(field)?.[1];
  if (version === undefined || another !== undefined) throw new AdminProblem('admin.precondition_failed');
  return version;
}
