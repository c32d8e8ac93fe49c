import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { JWT_BEARER_ASSERTION } from '#core';
import { errorAnswer, FORM_ERROR_ANSWERS } from './error-answers.ts';
import { RequestForm } from './request-form.ts';

const text = (description: string): object => ({ type: 'string', description });

const FORM_SCHEMA = {
  type: 'object',
  required: ['token', 'client_assertion_type', 'client_assertion'],
  properties: {
    token: text('to be revoked'),
    token_type_hint: text('not needed and not looked at'),
    client_id: text('optional; must be the subject of the client assertion'),
    client_assertion_type: { type: 'string', enum: [JWT_BEARER_ASSERTION] },
    client_assertion: text('compact JWS, addressed to the issuer alone, used once (RFC 7523)'),
  },
};

const FORM_EXAMPLE = {
  token: 'once_eyJhbGciOiJkaXIifQ..aXY.c2VhbGVk.dGFn',
  client_assertion_type: JWT_BEARER_ASSERTION,
  client_assertion: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
};

const ANSWER: ApiResponseOptions = {
  status: 200,
  description: 'no token of this client has this value any more, whether there was one or not',
  content: {
    'application/json': { schema: { type: 'object' }, examples: { revoked: { value: {} } } },
  },
};

const REFUSED = errorAnswer(400, {
  description: 'the request is not one of revocation, or the caller is no client',
  reasons: ['request.malformed', 'client.several_methods', 'client.not_allowed'],
});

/** `POST /revoke` for the OpenAPI document. */
export function DescribeRevocation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: 'revoke', summary: 'Take back a token of one’s own (RFC 7009)' }),
    RequestForm(FORM_SCHEMA, FORM_EXAMPLE),
    ...[ANSWER, REFUSED, ...FORM_ERROR_ANSWERS].map((answer) => ApiResponse(answer)),
  );
}
