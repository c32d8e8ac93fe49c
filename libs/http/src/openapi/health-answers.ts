import type { ApiResponseOptions } from '@nestjs/swagger';

/** `GET /livez` */
export function aliveAnswer(): ApiResponseOptions {
  return {
    status: 200,
    description: 'the process answers',
    content: {
      'application/json': {
        schema: { type: 'object', required: ['status'], properties: { status: { type: 'string' } } },
        example: { status: 'alive' },
      },
    },
  };
}

/** `GET /readyz`: ready, and not ready. The first check is the one that fails in the example. */
export function readinessAnswers(
  checks: readonly [string, ...string[]],
): [ready: ApiResponseOptions, notReady: ApiResponseOptions] {
  const schema = {
    type: 'object',
    required: ['status', 'checks'],
    properties: {
      status: { type: 'string', enum: ['ready', 'not_ready'] },
      checks: {
        type: 'object',
        description: 'each check is `ok`, or a word for what is wrong; `process` is there while it stops',
        required: [...checks],
        properties: Object.fromEntries(
          [...checks, 'process'].map((check) => [check, { type: 'string' as const }]),
        ),
      },
    },
  };
  const well = Object.fromEntries(checks.map((check) => [check, 'ok']));
  return [
    {
      status: 200,
      description: 'everything is in order',
      content: { 'application/json': { schema, example: { status: 'ready', checks: well } } },
    },
    {
      status: 503,
      description: 'something is missing, or the process is stopping',
      headers: { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } },
      content: {
        'application/json': {
          schema,
          example: { status: 'not_ready', checks: { ...well, [checks[0]]: 'unreachable' } },
        },
      },
    },
  ];
}
