import { sendJson, ServedDocument } from '#http';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Open } from '../calls/open.ts';
import { ROUTES } from '../served-paths.ts';

@Open()
@ApiTags('operations')
@Controller()
export class OpenApiController {
  constructor(private readonly document: ServedDocument) {}

  @Get(ROUTES.openapi)
  @ApiOperation({ operationId: 'openapi', summary: 'This document' })
  @ApiResponse({
    status: 200,
    description: 'an OpenAPI document',
    content: { 'application/json': { schema: { type: 'object' } } },
  })
  read(@Res() reply: FastifyReply): void {
    sendJson(reply, { status: 200, body: this.document.json });
  }
}
