import { HTTP_OPERATION } from '#core';
import type { ApiResponseOptions } from '@nestjs/swagger';
import { ROUTES } from '../served-paths.ts';

/** The one authorization detail that we speak, as it is asked for. */
const REQUESTED_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'locations', 'actions', 'target_uri'],
  properties: {
    type: { type: 'string', enum: [HTTP_OPERATION] },
    locations: { type: 'array', items: { type: 'string', format: 'uri' }, minItems: 1, maxItems: 1 },
    actions: {
      type: 'array',
      description: 'the HTTP method',
      items: { type: 'string' },
      minItems: 1,
      maxItems: 1,
    },
    target_uri: { type: 'string', format: 'uri' },
    content_digest: {
      type: 'object',
      description: 'of the body that will be sent, standard base64 (RFC 9530)',
      additionalProperties: false,
      properties: { 'sha-256': { type: 'string' }, 'sha-512': { type: 'string' } },
    },
    content_type: { type: 'string' },
  },
} satisfies { type: 'object'; [member: string]: unknown };

/** As it is granted, in canonical form. */
export const OPERATION_SCHEMA = {
  ...REQUESTED_SCHEMA,
  properties: {
    ...REQUESTED_SCHEMA.properties,
    path_template: {
      type: 'string',
      description:
        'where scope named the operation: the token is for any URI that matches; target_uri shows the template',
    },
  },
} satisfies { type: 'object'; [member: string]: unknown };

/** What clients may send, as a document of its own. */
export function operationSchemaOf(issuer: string): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${issuer}${ROUTES.operationSchema}`,
    title: HTTP_OPERATION,
    ...REQUESTED_SCHEMA,
  };
}

export const OPERATION_SCHEMA_ANSWER: ApiResponseOptions = {
  status: 200,
  description: 'a JSON Schema; an authorization detail has these members and no others',
  headers: {
    'Cache-Control': { description: 'public, max-age=300', schema: { type: 'string' } },
  },
  content: {
    'application/schema+json': {
      schema: { type: 'object' },
      example: operationSchemaOf('https://broker.example'),
    },
  },
};

export const OPERATION_EXAMPLE = {
  type: HTTP_OPERATION,
  locations: ['https://orders.example'],
  actions: ['POST'],
  target_uri: 'https://orders.example/orders/42/refund',
  content_digest: { 'sha-256': '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
  content_type: 'application/json',
};
