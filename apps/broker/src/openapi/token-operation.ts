import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import {
  ACCESS_TOKEN,
  CLIENT_CREDENTIALS,
  INTROSPECT_SCOPE,
  TXN_TOKEN,
  HTTP_OPERATION,
  ID_TOKEN,
  JWT_BEARER_ASSERTION,
  JWT_BEARER_GRANT,
  JWT_SPIFFE_ASSERTION,
  JWT_TOKEN,
  TOKEN_EXCHANGE,
} from '#core';
import { errorAnswer, FORM_ERROR_ANSWERS } from './error-answers.ts';
import { OPERATION_EXAMPLE, OPERATION_SCHEMA } from './http-operation-schema.ts';
import { RequestForm } from './request-form.ts';

const text = (description: string): { type: 'string'; description: string } => ({
  type: 'string',
  description,
});

const FORM_SCHEMA = {
  type: 'object',
  required: ['grant_type'],
  properties: {
    grant_type: { type: 'string', enum: [TOKEN_EXCHANGE, JWT_BEARER_GRANT, CLIENT_CREDENTIALS] },
    assertion: text('with the grant of RFC 7523: identity assertion (ID-JAG) for this client, used once'),
    client_id: text('optional; must be the client that the assertion speaks for'),
    client_assertion_type: { type: 'string', enum: [JWT_BEARER_ASSERTION, JWT_SPIFFE_ASSERTION] },
    client_assertion: text(
      'compact JWS, addressed to the issuer alone (RFC 7523): signed by the client and used once, or by its platform; not sent with a client certificate (RFC 8705)',
    ),
    subject_token: text(
      'ID token of the user, made for this client; JWT-SVID of a workload that the client may present; transaction token that the client was handed. For a transaction token: the token that the caller has spent, or the transaction token to be replaced',
    ),
    subject_token_type: { type: 'string', enum: [ID_TOKEN, JWT_TOKEN, ACCESS_TOKEN, TXN_TOKEN] },
    actor_token: text(
      'ID token, other JWT of a registered provider, or JWT-SVID, of whoever acts for the user',
    ),
    actor_token_type: { type: 'string', enum: [ID_TOKEN, JWT_TOKEN] },
    requested_token_type: { type: 'string', enum: [ACCESS_TOKEN, TXN_TOKEN] },
    audience: text(
      'does instead of resource; for a transaction token: the trust domain, which is called as the issuer is',
    ),
    resource: {
      type: 'string',
      format: 'uri',
      description:
        'identifier of the resource server; exactly one, needed for an access token. For a caller token: the issuer, or nothing',
    },
    authorization_details: text(
      `JSON array of exactly one object of type ${HTTP_OPERATION}; the answer shows its members`,
    ),
    scope: text(
      `id of one catalog operation, with or instead of authorization_details: alone, it asks for a token for its path template. For a caller token: ${INTROSPECT_SCOPE}, or nothing`,
    ),
    request_details: text(
      'for a transaction token: JSON object that the caller asserts of what is to be done',
    ),
    request_context: text('JSON object of registered attributes; whatever is in it is claimed, not known'),
  },
};

const FORM_EXAMPLE = {
  grant_type: TOKEN_EXCHANGE,
  client_assertion_type: JWT_BEARER_ASSERTION,
  client_assertion: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
  subject_token: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
  subject_token_type: ID_TOKEN,
  resource: 'https://orders.example',
  authorization_details: JSON.stringify([OPERATION_EXAMPLE]),
};

const ATTESTATION_HEADERS = [
  ['OAuth-Client-Attestation', 'attestation of the client, in place of client_assertion'],
  [
    'OAuth-Client-Attestation-PoP',
    'proof of the attested key; without it the DPoP proof is made with that key',
  ],
] as const;

const ANSWER: ApiResponseOptions = {
  status: 200,
  description: 'a token for this one operation, good for one use',
  headers: {
    'Cache-Control': { description: 'no-store', schema: { type: 'string' } },
    'DPoP-Nonce': { description: 'for the next proof, where one was sent', schema: { type: 'string' } },
  },
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['access_token', 'token_type', 'expires_in', 'scope'],
        properties: {
          access_token: text(
            'sealed; nobody but the broker can read it. A transaction token is a signed JWT',
          ),
          issued_token_type: {
            type: 'string',
            enum: [ACCESS_TOKEN, TXN_TOKEN],
            description: 'of an exchange; a caller token comes without',
          },
          token_type: { type: 'string', enum: ['DPoP', 'Bearer', 'N_A'] },
          expires_in: { type: 'integer', description: 'seconds' },
          authorization_details: { type: 'array', items: OPERATION_SCHEMA, minItems: 1, maxItems: 1 },
          scope: text('catalog operation that it is'),
          txn: text('names the transaction in the audit log'),
        },
      },
      example: {
        access_token: 'once_eyJhbGciOiJkaXIifQ..aXY.c2VhbGVk.dGFn',
        issued_token_type: ACCESS_TOKEN,
        token_type: 'DPoP',
        expires_in: 15,
        authorization_details: [OPERATION_EXAMPLE],
        scope: 'orders.refund',
        txn: '019a2b3c-4d5e-8f60-a1b2-c3d4e5f60718',
      },
    },
  },
};

const REFUSED = errorAnswer(400, {
  description: 'the exchange is refused',
  reasons: [
    'request.malformed',
    'subject.bad_signature',
    'assertion.malformed',
    'actor.missing',
    'actor.not_allowed',
    'context.malformed',
    'grant.unsupported',
    'grant.unsupported_token_type',
    'grant.scope_not_accepted',
    'txn.not_spent_here',
    'txn.malformed',
    'txn.wrong_audience',
    'client.several_methods',
    'client.not_allowed',
    'bearer.other_scope',
    'bearer.other_resource',
    'device.proof_missing',
    'device.nonce_required',
    'resource.unknown',
    'operation.malformed',
    'operation.digest_required',
    'operation.exact_required',
    'policy.denied',
    'policy.step_up_acr',
  ],
  headers: {
    'DPoP-Nonce': { description: 'with use_dpop_nonce: for the next proof', schema: { type: 'string' } },
  },
});

/** `POST /token` for the OpenAPI document. */
export function DescribeToken(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'token',
      summary:
        'Exchange a user’s identity for a token that permits one operation (RFC 8693); or, for a resource server, get a token to introspect with (RFC 6749 section 4.4)',
    }),
    ApiHeader({
      name: 'DPoP',
      required: false,
      description:
        'proof of the device key (RFC 9449); needed unless the resource server takes tokens that are bound to no key, or to a certificate',
      schema: { type: 'string' },
    }),
    ...ATTESTATION_HEADERS.map(([name, description]) =>
      ApiHeader({ name, description, required: false, schema: { type: 'string' } }),
    ),
    RequestForm(FORM_SCHEMA, FORM_EXAMPLE),
    ...[ANSWER, REFUSED, ...FORM_ERROR_ANSWERS].map((answer) => ApiResponse(answer)),
  );
}
