import { AdminProblem, sha256, type IdempotentRequest } from '#core';
import type { FastifyRequest } from 'fastify';
import { rawBodyOf } from './read-body.ts';
import { fieldsOf } from './header-values.ts';

/** A String of RFC 9651 §3.3.3: printable ASCII, quotes and backslashes escaped. */
const KEY = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,256})"$/;

const MAX_KEY_CHARS = 128;

/**
 * The key of a request that may be sent again, with a fingerprint of what was sent; null when there is no key.
 *
 * Fails  admin.malformed
 */
export function readIdempotency(request: FastifyRequest): IdempotentRequest | null {
  const [field, another] = fieldsOf(request, 'idempotency-key');
  if (field === undefined) return null;
  const key = KEY.exec(field)?.[1]?.replaceAll(/\\(["\\])/g, '$1');
  if (key === undefined || key.length > MAX_KEY_CHARS || another !== undefined) {
    throw new AdminProblem('admin.malformed', [
      { detail: `Idempotency-Key must be one quoted string of 1 to ${MAX_KEY_CHARS} characters` },
    ]);
  }
  const { raw, originalUrl } = request;
  // The first line ends where the body begins, and holds no line break itself.
  const head = Buffer.from(`${raw.method ?? ''} ${originalUrl}\n`);
  return { key, fingerprint: sha256(Buffer.concat([head, rawBodyOf(request)])) };
}
