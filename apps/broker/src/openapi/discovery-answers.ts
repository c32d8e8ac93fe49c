import type { ApiResponseOptions } from '@nestjs/swagger';
import { metadataOf } from '../discovery/metadata.ts';

const EXAMPLE = metadataOf({
  issuer: 'https://broker.example',
  mutualTls: { url: 'https://mtls.broker.example' },
});

const CACHEABLE = {
  'Cache-Control': { description: 'public, max-age=300', schema: { type: 'string' as const } },
};

const texts = { type: 'array', items: { type: 'string' } } as const;
const url = { type: 'string', format: 'uri' } as const;

export const METADATA_ANSWER: ApiResponseOptions = {
  status: 200,
  description: 'what the broker is called and what it speaks',
  headers: CACHEABLE,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: Object.keys(EXAMPLE),
        properties: Object.fromEntries(
          Object.entries(EXAMPLE).map(([name, value]) => [name, Array.isArray(value) ? texts : url]),
        ),
      },
      example: EXAMPLE,
    },
  },
};

export const JWKS_ANSWER: ApiResponseOptions = {
  status: 200,
  description: 'a JWK set; a key is in it before it signs and until what it signed is dead',
  headers: CACHEABLE,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['keys'],
        properties: {
          keys: {
            type: 'array',
            items: {
              type: 'object',
              required: ['kty', 'kid', 'use', 'alg'],
              properties: {
                kty: { type: 'string' },
                crv: { type: 'string' },
                x: { type: 'string' },
                y: { type: 'string' },
                kid: { type: 'string' },
                use: { type: 'string' },
                alg: { type: 'string' },
              },
            },
          },
        },
      },
      example: {
        keys: [
          {
            kty: 'EC',
            crv: 'P-256',
            x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
            y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
            kid: 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U',
            use: 'sig',
            alg: 'ES256',
          },
        ],
      },
    },
  },
};
