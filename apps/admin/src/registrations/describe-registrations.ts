import { ADMIN_PREFIX } from '#core';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';

/** What the OpenAPI document says of one kind of registration. */
export interface DescribedRegistration {
  /** Path below the prefix, and the first part of operation ids: `clients`. */
  readonly path: string;
  /** `client` */
  readonly one: string;
  readonly filters: readonly string[];
  /** A document as it is sent. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Sent, in place of the class, so that the example is shown. */
  readonly dto: new () => object;
}

const VERSION = '"1f0c2a7e9b3d"';

const ETAG = {
  ETag: { description: 'strong; for If-Match', schema: { type: 'string' as const }, example: VERSION },
};

const IF_MATCH = ApiHeader({
  name: 'If-Match',
  required: true,
  description: 'the ETag of the version that changes',
  example: VERSION,
});

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
        type: 'urn:oncekey:problem:admin.precondition_failed',
        title: 'it has changed in the meantime',
        status: 412,
      },
    },
  },
});

export function DescribeList({ path, one, filters, example }: DescribedRegistration): MethodDecorator {
  const items = [represented(example)];
  return applyDecorators(
    ApiOperation({ operationId: `${path}.list`, summary: `Each ${one}, in pages` }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    }),
    ApiQuery({ name: 'cursor', required: false, description: 'the `next` of the page before' }),
    ...filters.map((name) => ApiQuery({ name, required: false, description: 'exactly this' })),
    answer(200, { schema: PAGE, example: { items, next: null } }),
    PROBLEM,
  );
}

export function DescribeCreate({ path, one, example, dto }: DescribedRegistration): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: `${path}.create`, summary: `Registers a ${one}; takes effect at once` }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'a quoted string; a repeat does nothing',
      example: '"8e03978e-40d5-43dd"',
    }),
    ApiBody({ type: dto, examples: { [one]: { value: example } } }),
    answer(201, { schema: DOCUMENT, example: represented(example), location: `${ADMIN_PREFIX}/${path}/...` }),
    PROBLEM,
  );
}

export function DescribeRead({ path, one, example }: DescribedRegistration): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: `${path}.read`, summary: `One ${one}` }),
    answer(200, { schema: DOCUMENT, example: represented(example) }),
    PROBLEM,
  );
}

export function DescribeReplace({ path, one, example, dto }: DescribedRegistration): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: `${path}.replace`, summary: `Replaces a ${one}; takes effect at once` }),
    IF_MATCH,
    ApiBody({ type: dto, examples: { [one]: { value: example } } }),
    answer(200, { schema: DOCUMENT, example: represented(example) }),
    PROBLEM,
  );
}

export function DescribeDelete({ path, one }: DescribedRegistration): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: `${path}.delete`, summary: `Deletes a ${one}; takes effect at once` }),
    IF_MATCH,
    ApiResponse({ status: 204, description: 'it is gone' }),
    PROBLEM,
  );
}

const DOCUMENT = { type: 'object' as const };

const PAGE = {
  type: 'object' as const,
  required: ['items', 'next'],
  properties: {
    items: { type: 'array' as const, items: DOCUMENT },
    next: { type: 'string' as const, nullable: true },
  },
};

function represented(example: object): object {
  return {
    ...example,
    enabled: true,
    updated_at: '2026-01-05T09:00:00.000Z',
    updated_by: 'https://login.example|ada',
  };
}

interface Described {
  readonly schema: typeof DOCUMENT | typeof PAGE;
  readonly example: object;
  readonly location?: string;
}

function answer(status: number, { schema, example, location }: Described): MethodDecorator {
  const place =
    location === undefined ? {} : { Location: { schema: { type: 'string' as const }, example: location } };
  return ApiResponse({
    status,
    description: status === 201 ? 'made' : 'as it is now',
    headers: schema === PAGE ? {} : { ...ETAG, ...place },
    content: { 'application/json': { schema, example } },
  });
}
