import { AdminProblem, readStrictJson, isJsonObject, type JsonObject, type ProblemDetail } from '#core';
import type { FastifyRequest } from 'fastify';
import { fieldsOf } from './header-values.ts';

/** Releases hold catalogs and tests, tests hold requests; nothing of ours is deeper. */
const MAX_DEPTH = 32;

const JSON_TYPE = /^application\/json *(?:; *charset="?utf-8"? *)?$/i;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const bodies = new WeakMap<object, Buffer>();

/** The bytes of the content, as they came. */
export function rawBodyOf({ raw }: Pick<FastifyRequest, 'raw'>): Buffer {
  return bodies.get(raw) ?? Buffer.alloc(0);
}

/** Remembers the bytes that the content parser left in `request.body`, before the object takes their place. */
export function keepRawBody(request: FastifyRequest): Buffer {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  bodies.set(request.raw, bytes);
  return bytes;
}

/**
 * Reads the body of a call: one JSON object that means the same to every reader. Called once the token is spent, so
 * that nothing of a stranger's body is looked into.
 *
 * Fails  admin.wrong_media_type | admin.malformed | admin.invalid
 */
export function readBody(request: FastifyRequest, bytes: Buffer): JsonObject | undefined {
  const { method } = request;
  if (method !== 'POST' && method !== 'PUT') {
    if (bytes.length > 0) throw malformed(`${method} takes no body`);
    return undefined;
  }
  const [type, another] = fieldsOf(request, 'content-type');
  // A compressed body has no use but to be larger than it looks.
  const isEncoded = fieldsOf(request, 'content-encoding').length > 0;
  if (type === undefined || another !== undefined || isEncoded || !JSON_TYPE.test(type)) {
    throw new AdminProblem('admin.wrong_media_type');
  }
  const read = readStrictJson(textOf(bytes), { maxDepth: MAX_DEPTH });
  if (read === null || !isJsonObject(read.value)) {
    throw malformed('the body must be one JSON object, without repeated members');
  }
  const faults = faultsOf(read.value, '#');
  if (faults.length > 0) throw new AdminProblem('admin.invalid', faults);
  return read.value;
}

function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed('the body must be UTF-8');
  }
}

function malformed(detail: string): AdminProblem {
  return new AdminProblem('admin.malformed', [{ detail }]);
}

/** Names that validators and mappers pass over in silence: what stands below them would vanish. */
const UNSEEN = new Set(['__proto__', 'constructor', 'prototype']);

function faultsOf(value: unknown, pointer: string): readonly ProblemDetail[] {
  if (typeof value === 'number') {
    const isExact = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
    return isExact && !Object.is(value, -0) ? [] : [{ detail: 'must be a number that is exact', pointer }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const below = `${pointer}/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
    return UNSEEN.has(name)
      ? [{ detail: 'is not a member of this document', pointer: below }]
      : faultsOf(member, below);
  });
}
