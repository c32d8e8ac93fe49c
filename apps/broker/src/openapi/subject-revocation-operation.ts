import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { errorAnswer, FORM_ERROR_ANSWERS } from './error-answers.ts';

const BODY_SCHEMA = {
  type: 'object',
  required: ['sub_id'],
  properties: {
    sub_id: {
      type: 'object',
      required: ['format'],
      description: 'subject identifier (RFC 9493)',
      properties: {
        format: { type: 'string', enum: ['iss_sub', 'email'] },
        iss: { type: 'string', description: 'the issuer that calls' },
        sub: { type: 'string' },
        email: { type: 'string' },
      },
    },
  },
};

const BODY_EXAMPLE = { sub_id: { format: 'iss_sub', iss: 'https://login.example', sub: 'ada' } };

const ANSWERS: readonly ApiResponseOptions[] = [
  { status: 204, description: 'all that the user has is dead, and only a new sign-in earns new tokens' },
  errorAnswer(400, { description: 'sub_id is no subject identifier', reasons: ['revocation.bad_subject'] }),
  errorAnswer(401, {
    description: 'the caller is no identity provider that may revoke, or its token was used before',
    reasons: ['revocation.not_authenticated'],
    headers: { 'WWW-Authenticate': { description: 'Bearer', schema: { type: 'string' } } },
  }),
  errorAnswer(404, {
    description: 'the subject is not one of the caller’s',
    reasons: ['revocation.unknown_subject'],
  }),
  errorAnswer(422, {
    description: 'a subject of this format cannot be found',
    reasons: ['revocation.unprocessable'],
  }),
  ...FORM_ERROR_ANSWERS.filter(({ status }) => status !== 401),
];

/** `POST /global-token-revocation` for the OpenAPI document. */
export function DescribeSubjectRevocation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'revokeSubject',
      summary: 'Take back all that a user has, at the word of his identity provider',
    }),
    ApiHeader({
      name: 'Authorization',
      required: true,
      description:
        'Bearer, and a JWT of the identity provider: typ global-token-revocation+jwt, iss, aud this endpoint, iat, exp, jti',
      schema: { type: 'string' },
    }),
    ApiBody({ schema: { ...BODY_SCHEMA, example: BODY_EXAMPLE } }),
    ...ANSWERS.map((answer) => ApiResponse(answer)),
  );
}
