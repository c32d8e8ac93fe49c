import { HTTP_OPERATION } from '#core';

/** The one authorization detail that we speak, in canonical form. */
export const OPERATION_SCHEMA = {
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

export const OPERATION_EXAMPLE = {
  type: HTTP_OPERATION,
  locations: ['https://orders.example'],
  actions: ['POST'],
  target_uri: 'https://orders.example/orders/42/refund',
  content_digest: { 'sha-256': '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
  content_type: 'application/json',
};
