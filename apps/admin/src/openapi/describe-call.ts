import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';

/** What the OpenAPI document says of one call. */
export interface DescribedCall {
  /** Catalog operation without its first part: `draft.read`. */
  readonly id: string;
  readonly summary: string;
  readonly body?: object;
  /** Names of its parameters, and what each is. */
  readonly query?: Readonly<Record<string, string>>;
  /** What If-Match names, where it is demanded. */
  readonly ifMatch?: string;
  /** It takes an Idempotency-Key. */
  readonly isIdempotent?: boolean;
  /** Null: 204, without a body. */
  readonly answer: object | null;
  readonly status?: number;
  readonly answerType?: string;
}

const PROBLEM = ApiResponse({
  status: 'default',
  description: 'why not (RFC 9457); reasons.md lists all of them',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status'],
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          errors: { type: 'array', items: { type: 'object' } },
        },
      },
      example: {
        type: 'urn:oncekey:problem:admin.invalid',
        title: 'the document was not accepted',
        status: 422,
        errors: [
          {
            detail: 'unrecognized action `Action::"orders.refnd"`',
            policy: 'support-refunds',
            line: 3,
            column: 13,
            suggestion: 'orders.refund',
          },
        ],
      },
    },
  },
});

const IDEMPOTENCY = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  description: 'a quoted string; a repeat does nothing',
  example: '"8e03978e-40d5-43dd"',
});

export function DescribeCall(call: DescribedCall): MethodDecorator {
  const { id, summary, body, query = {}, ifMatch, isIdempotent = false } = call;
  return applyDecorators(
    ApiOperation({ operationId: id, summary }),
    ...Object.entries(query).map(([name, description]) => ApiQuery({ name, required: false, description })),
    ...(ifMatch === undefined
      ? []
      : [ApiHeader({ name: 'If-Match', required: true, description: ifMatch, example: '"4711"' })]),
    ...(isIdempotent ? [IDEMPOTENCY] : []),
    ...(body === undefined
      ? []
      : [ApiBody({ schema: { type: 'object' }, examples: { example: { value: body } } })]),
    answered(call),
    PROBLEM,
  );
}

function answered({
  answer,
  status = answer === null ? 204 : 200,
  answerType = 'application/json',
}: DescribedCall): MethodDecorator {
  if (answer === null) return ApiResponse({ status, description: 'done' });
  return ApiResponse({
    status,
    description: status === 201 ? 'made' : 'the answer',
    content: { [answerType]: { schema: { type: 'object' }, example: answer } },
  });
}
