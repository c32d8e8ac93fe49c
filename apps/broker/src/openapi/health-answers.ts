import type { ApiResponseOptions } from '@nestjs/swagger';

export const ALIVE_ANSWER: ApiResponseOptions = {
  status: 200,
  description: 'the process answers',
  content: {
    'application/json': {
      schema: { type: 'object', required: ['status'], properties: { status: { type: 'string' } } },
      example: { status: 'alive' },
    },
  },
};

const CHECKS = ['database', 'key_ring', 'release', 'clock'];

const READINESS_SCHEMA = {
  type: 'object',
  required: ['status', 'checks'],
  properties: {
    status: { type: 'string', enum: ['ready', 'not_ready'] },
    checks: {
      type: 'object',
      description: 'each check is `ok`, or a word for what is wrong',
      required: CHECKS,
      properties: Object.fromEntries(CHECKS.map((check) => [check, { type: 'string' as const }])),
    },
  },
};

export const READY_ANSWER: ApiResponseOptions = {
  status: 200,
  description: 'the broker can decide',
  content: {
    'application/json': {
      schema: READINESS_SCHEMA,
      example: {
        status: 'ready',
        checks: { database: 'ok', key_ring: 'ok', release: 'ok', clock: 'ok' },
      },
    },
  },
};

export const NOT_READY_ANSWER: ApiResponseOptions = {
  status: 503,
  description: 'the broker cannot decide, or is stopping',
  headers: { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } },
  content: {
    'application/json': {
      schema: READINESS_SCHEMA,
      example: {
        status: 'not_ready',
        checks: { database: 'unreachable', key_ring: 'ok', release: 'ok', clock: 'ok' },
      },
    },
  },
};
