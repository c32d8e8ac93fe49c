import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { JWT_BEARER_ASSERTION, REASON_ID_HEADER, SIGNED_ANSWER_TYPE } from '#core';
import { errorAnswer, FORM_ERROR_ANSWERS } from './error-answers.ts';
import { OPERATION_EXAMPLE, OPERATION_SCHEMA } from './http-operation-schema.ts';
import { RequestForm } from './request-form.ts';

const text = (description: string): { type: 'string'; description: string } => ({
  type: 'string',
  description,
});

const FORM_SCHEMA = {
  type: 'object',
  required: ['token'],
  properties: {
    token: text('as it was presented to the resource server'),
    token_type_hint: text('not needed and not looked at'),
    client_id: text('optional; must be the subject of the client assertion'),
    client_assertion_type: { type: 'string', enum: [JWT_BEARER_ASSERTION] },
    client_assertion: text(
      'compact JWS, addressed to the issuer alone, used once (RFC 7523); not sent with a client certificate (RFC 8705), or with Authorization',
    ),
    http_method: text('method of the request that carried the token'),
    http_target_uri: text('its URI, with query'),
    content_digest: text('Content-Digest field over the bytes that arrived (RFC 9530)'),
    http_content_type: text('its Content-Type'),
    dpop_proof: text('its DPoP field, for the broker to check'),
    client_cert_s256: text('x5t#S256 of the certificate of its connection, for tokens that are bound to one'),
    peek: {
      type: 'string',
      enum: ['true'],
      description:
        'only look, where the registration allows it: nothing is spent, and the answer is never active',
    },
  },
};

const FORM_EXAMPLE = {
  token: 'once_eyJhbGciOiJkaXIifQ..aXY.c2VhbGVk.dGFn',
  client_assertion_type: JWT_BEARER_ASSERTION,
  client_assertion: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
  http_method: 'POST',
  http_target_uri: 'https://orders.example/orders/42/refund',
  content_digest: 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
  http_content_type: 'application/json',
  dpop_proof: 'eyJ0eXAiOiJkcG9wK2p3dCJ9.e30.c2lnbmF0dXJl',
};

const INACTIVE_SCHEMA = {
  type: 'object',
  required: ['active'],
  additionalProperties: false,
  properties: {
    active: { type: 'boolean', enum: [false] },
    peek: {
      type: 'object',
      description: 'only when peek was sent: what is known of the token',
      properties: {
        state: { type: 'string', enum: ['unspent', 'spent', 'killed', 'expired', 'ledger_gone'] },
        grant: { type: 'object' },
      },
    },
  },
};

const integer = { type: 'integer' };
const string = { type: 'string' };

const ACTIVE_SCHEMA = {
  type: 'object',
  required: [
    'active',
    'iss',
    'aud',
    'sub',
    'sub_iss',
    'client_id',
    'jti',
    'iat',
    'exp',
    'txn',
    'token_type',
    'htm',
    'htu',
    'scope',
    'authorization_details',
  ],
  properties: {
    active: { type: 'boolean', enum: [true] },
    iss: string,
    aud: text('identifier of the resource server'),
    sub: string,
    sub_iss: text('who knows the subject by this name'),
    client_id: string,
    act: {
      type: 'object',
      description: 'who acts for the subject (RFC 8693 section 4.1); inside, who acted before',
      required: ['iss', 'sub'],
      properties: { iss: string, sub: string, act: { type: 'object' } },
    },
    jti: string,
    iat: integer,
    exp: integer,
    txn: string,
    token_type: { type: 'string', enum: ['DPoP', 'Bearer'] },
    cnf: {
      type: 'object',
      properties: {
        jkt: text('thumbprint of the device key (RFC 9449)'),
        'x5t#S256': text('thumbprint of the client certificate (RFC 8705), in place of jkt'),
      },
    },
    htm: text('the permitted method'),
    htu: text('the URI that the token was spent on'),
    scope: text('catalog operation that was permitted'),
    authorization_details: { type: 'array', items: OPERATION_SCHEMA },
    acr: string,
    amr: { type: 'array', items: string },
    auth_time: integer,
  },
};

const ANSWER: ApiResponseOptions = {
  status: 200,
  description:
    'the token was good, and is spent by this answer; or it is not good, for a reason that the body does not tell',
  headers: {
    'Cache-Control': { description: 'no-store', schema: { type: 'string' } },
    [REASON_ID_HEADER]: {
      description: 'when inactive: opaque id under which the audit log knows the reason',
      schema: { type: 'string', format: 'uuid' },
    },
  },
  content: {
    [`application/${SIGNED_ANSWER_TYPE}`]: {
      schema: text(
        'the same as a JWT (RFC 9701), when Accept names this type: iss, aud, iat, token_introspection',
      ),
    },
    'application/json': {
      schema: { oneOf: [ACTIVE_SCHEMA, INACTIVE_SCHEMA] },
      examples: {
        active: {
          value: {
            active: true,
            iss: 'https://broker.example',
            aud: 'https://orders.example',
            sub: 'ada',
            sub_iss: 'https://idp.example',
            client_id: 'desk',
            jti: '019a2b3c-4d5e-7f60-a1b2-c3d4e5f60718',
            iat: 1_800_000_000,
            exp: 1_800_000_015,
            txn: '019a2b3c-4d5e-8f60-a1b2-c3d4e5f60718',
            token_type: 'DPoP',
            cnf: { jkt: 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U' },
            htm: 'POST',
            htu: OPERATION_EXAMPLE.target_uri,
            scope: 'orders.refund',
            authorization_details: [OPERATION_EXAMPLE],
            acr: 'phr',
            auth_time: 1_799_999_900,
          },
        },
        inactive: { value: { active: false } },
      },
    },
  },
};

const REFUSED = errorAnswer(400, {
  description: 'the request is not one of introspection',
  reasons: ['request.malformed', 'client.several_methods', 'idempotency.malformed', 'peek.not_allowed'],
});

const CONFLICT = errorAnswer(422, {
  description: 'the Idempotency-Key was used with other parameters',
  reasons: ['idempotency.conflict'],
});

/** `POST /introspect` for the OpenAPI document. */
export function DescribeIntrospection(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'introspect',
      summary: 'Ask whether a token is good; a positive answer spends it (RFC 7662)',
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'a quoted string of 1 to 128 characters; the same call with the same key gets the same answer',
      schema: { type: 'string' },
    }),
    ApiHeader({
      name: 'Authorization',
      required: false,
      description:
        'Bearer and a caller token, or the JWT by which a platform vouches for the resource server, in place of a client assertion (RFC 7662 section 2.1)',
      schema: { type: 'string' },
    }),
    RequestForm(FORM_SCHEMA, FORM_EXAMPLE),
    ...[ANSWER, REFUSED, CONFLICT, ...FORM_ERROR_ANSWERS].map((answer) => ApiResponse(answer)),
  );
}
