import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { REASON_ID_HEADER, REFUSALS, type RefusalReason, type RefusalRow } from '#core';

const ERROR_SCHEMA = {
  type: 'object',
  required: ['err', 'description'],
  properties: {
    err: { type: 'string', description: 'code of RFC 8935 section 2.4' },
    description: { type: 'string', description: 'fixed text for the code' },
  },
};

const HEADERS = {
  'Content-Language': { description: 'of the description', schema: { type: 'string' as const } },
  [REASON_ID_HEADER]: {
    description: 'opaque id under which the audit log knows the reason',
    schema: { type: 'string' as const, format: 'uuid' },
  },
};

function refusal(
  status: number,
  description: string,
  ...reasons: readonly RefusalReason[]
): ApiResponseOptions {
  const rows = reasons.map((reason): RefusalRow => REFUSALS[reason]);
  const examples = Object.fromEntries(
    rows.map(({ error, says }) => [says, { value: { err: error, description: says } }]),
  );
  return {
    status,
    description,
    headers: HEADERS,
    content: { 'application/json': { schema: ERROR_SCHEMA, examples } },
  };
}

const ANSWERS: readonly ApiResponseOptions[] = [
  {
    status: 202,
    description: 'the event holds from now on, at every broker; the same when it is delivered again',
  },
  refusal(
    400,
    'the event was not accepted; there is no use in delivering it again',
    'event.malformed',
    'event.wrong_time',
    'event.unknown_issuer',
    'event.not_authenticated',
    'event.bad_signature',
    'event.wrong_audience',
    'event.foreign_subject',
  ),
  refusal(405, 'another method than POST', 'request.wrong_method'),
  refusal(413, 'the event is larger than 8 KiB', 'request.too_large'),
  refusal(415, 'the body is not application/secevent+jwt', 'request.wrong_media_type'),
  refusal(500, 'a defect of the broker', 'broker.fault'),
  refusal(503, 'the event was not taken now; deliver it again', 'broker.unavailable'),
];

/** `POST /ssf/events` for the OpenAPI document. */
export function DescribeSecurityEvent(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'receiveSecurityEvent',
      summary: 'Take a security event of an identity provider, by push (RFC 8935, SSF 1.0)',
    }),
    ApiConsumes('application/secevent+jwt'),
    ApiBody({
      description: 'security event token, compact JWS (RFC 8417)',
      schema: { type: 'string', example: 'eyJ0eXAiOiJzZWNldmVudCtqd3QifQ.e30.c2lnbmF0dXJl' },
    }),
    ...ANSWERS.map((answer) => ApiResponse(answer)),
  );
}
