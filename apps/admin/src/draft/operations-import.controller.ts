import { ADMIN_PREFIX } from '#core';
import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource } from '../calls/answer-resource.ts';
import { Versioned, type VersionedCall } from '../calls/versioned.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { OPERATIONS } from './draft-parts.ts';
import { ImportDto, ImportPreviewDto } from './operations-import.dto.ts';
import { OperationsImport } from './operations-import.ts';

const OPENAPI = {
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'https://api.example/v1' }],
  paths: { '/orders/{id}/refund': { post: { operationId: 'refund', tags: ['write', 'money'] } } },
};

const DIFF = {
  added: [OPERATIONS.example],
  changed: [],
  removed: ['orders.cancel'],
  unpermitted: ['orders.refund'],
};

@ApiTags('draft')
@Controller(`${ADMIN_PREFIX}/operations-import`)
export class OperationsImportController {
  constructor(@Inject(OperationsImport) private readonly operations: OperationsImport) {}

  @Post('preview')
  @HttpCode(200)
  @DescribeCall({
    id: 'operations-import.preview',
    summary: 'What importing an OpenAPI document would change, and what nothing would permit',
    body: { api: 'orders', openapi: OPENAPI },
    answer: DIFF,
  })
  async preview(@Body() body: ImportPreviewDto, @Res() reply: FastifyReply): Promise<void> {
    answerResource(reply, { body: await this.operations.preview(body) });
  }

  @Post()
  @HttpCode(200)
  @DescribeCall({
    id: 'operations-import.apply',
    summary: 'Imports an OpenAPI document into the draft, all of it or nothing',
    body: { api: 'orders', openapi: OPENAPI, remove: true },
    ifMatch: "the draft's ETag",
    isIdempotent: true,
    answer: DIFF,
  })
  async apply(
    @Versioned() call: VersionedCall,
    @Body() body: ImportDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.operations.apply({ ...call, reply }, body);
  }
}
