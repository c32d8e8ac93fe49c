import type { ApiResponseOptions } from '@nestjs/swagger';
import { REASON_ID_HEADER, REFUSALS, type RefusalReason, type RefusalRow } from '#core';

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error', 'error_description'],
  properties: {
    error: { type: 'string', description: 'code of RFC 6749 section 5.2 and its extensions' },
    error_description: { type: 'string', description: 'fixed text for the code; tells nothing of the cause' },
    acr_values: { type: 'string', description: 'RFC 9470: authentication contexts that would do' },
    max_age: { type: 'integer', description: 'RFC 9470: oldest sign-in that would do, in seconds' },
  },
};

const REASON_ID = {
  [REASON_ID_HEADER]: {
    description: 'opaque id under which the audit log knows the reason',
    schema: { type: 'string', format: 'uuid' },
  },
};

type Headers = NonNullable<ApiResponseOptions['headers']>;

/** An OAuth error answer, with an example for each distinct text that the reasons have on the wire. */
export function errorAnswer(
  status: number,
  {
    description,
    reasons,
    headers,
  }: { description: string; reasons: readonly RefusalReason[]; headers?: Headers },
): ApiResponseOptions {
  const examples: Record<string, { value: object }> = {};
  for (const reason of reasons) {
    const row: RefusalRow = REFUSALS[reason];
    examples[row.says] ??= { value: { error: row.error, error_description: row.says } };
  }
  return {
    status,
    description,
    headers: { ...REASON_ID, ...headers },
    content: { 'application/json': { schema: ERROR_SCHEMA, examples } },
  };
}

const RETRY_AFTER: Headers = {
  'Retry-After': { description: 'seconds', schema: { type: 'integer' } },
};

export const UNAVAILABLE_ANSWER = errorAnswer(503, {
  description:
    'the broker cannot decide now, or has too much to do; nothing is known about the outcome of the request',
  reasons: ['broker.unavailable'],
  headers: RETRY_AFTER,
});

export const TOO_MANY_ANSWER = errorAnswer(429, {
  description: 'the caller is over its quota, or too much from its address failed; nothing was done',
  reasons: ['quota.exceeded'],
  headers: RETRY_AFTER,
});

/** What both form endpoints answer to a request that is not one of theirs. */
export const FORM_ERROR_ANSWERS: readonly ApiResponseOptions[] = [
  errorAnswer(401, {
    description: 'the caller is not authenticated; WWW-Authenticate only when Authorization was sent',
    reasons: ['client.missing', 'bearer.malformed'],
    headers: { 'WWW-Authenticate': { description: 'Basic, or Bearer', schema: { type: 'string' } } },
  }),
  errorAnswer(405, {
    description: 'another method than POST',
    reasons: ['request.wrong_method'],
    headers: { Allow: { description: 'POST', schema: { type: 'string' } } },
  }),
  errorAnswer(413, { description: 'the body is larger than 64 KiB', reasons: ['request.too_large'] }),
  errorAnswer(415, {
    description: 'the body is not an uncompressed form',
    reasons: ['request.wrong_media_type'],
  }),
  errorAnswer(500, { description: 'a defect of the broker', reasons: ['broker.fault'] }),
  TOO_MANY_ANSWER,
  UNAVAILABLE_ANSWER,
];
