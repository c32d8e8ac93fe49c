import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { REASON_ID_HEADER } from '#core';
import { errorAnswer, TOO_MANY_ANSWER, UNAVAILABLE_ANSWER } from './error-answers.ts';

const string = { type: 'string' as const };

const HEADERS: readonly (readonly [name: string, description: string])[] = [
  ['Authorization', 'of the original request: DPoP and the token'],
  ['DPoP', 'of the original request: its proof, for the method and URI that it was sent to'],
  ['X-Original-Method', 'dialect original: method of the original request'],
  ['X-Original-URI', 'dialect original: its path and query'],
  ['X-Forwarded-Method', 'dialect forwarded, with -Proto, -Host and -Uri'],
  ['X-Original-Content-Digest', 'where the gateway hashes bodies: Content-Digest of what arrived (RFC 9530)'],
];

/** `ANY /forward-auth/<id>` for the OpenAPI document. */
export function DescribeForwardAuth(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'A gateway asks whether a request may pass; a yes spends its token. Call /forward-auth/<id>',
    }),
    ...HEADERS.map(([name, description]) =>
      ApiHeader({ name, required: false, description, schema: string }),
    ),
    ApiResponse({
      status: 200,
      description: 'the token was good for the original request, and is spent by this answer',
      headers: {
        'X-Oncekey-Subject': { description: 'percent-encoded UTF-8, as the others', schema: string },
        'X-Oncekey-Subject-Issuer': { schema: string },
        'X-Oncekey-Client-Id': { schema: string },
        'X-Oncekey-Operation': { description: 'catalog operation', schema: string },
        'X-Oncekey-Txn': { schema: string },
        'X-Oncekey-Jti': { schema: string },
        'X-Oncekey-Actor': { description: 'where somebody acts for the subject', schema: string },
        'X-Oncekey-Actor-Issuer': { schema: string },
        'X-Oncekey-Acr': { schema: string },
        'X-Oncekey-Content-Digest': { description: 'of the one body that is permitted', schema: string },
      },
      content: { 'application/json': { schema: { type: 'object' }, example: {} } },
    }),
    ApiResponse({
      status: 401,
      description: 'there is no token, or none that permits the original request now',
      headers: {
        'WWW-Authenticate': { description: 'DPoP', schema: string },
        [REASON_ID_HEADER]: { schema: { type: 'string', format: 'uuid' } },
      },
      content: { 'application/json': { schema: { type: 'object' }, example: { error: 'invalid_token' } } },
    }),
    ...[
      errorAnswer(403, {
        description: 'the question is from nobody’s gateway, not in its dialect, or under the id of another',
        reasons: ['gateway.unknown', 'gateway.malformed', 'idempotency.conflict'],
      }),
      errorAnswer(500, { description: 'a defect of the broker', reasons: ['broker.fault'] }),
      TOO_MANY_ANSWER,
      UNAVAILABLE_ANSWER,
    ].map((answer) => ApiResponse(answer)),
  );
}
