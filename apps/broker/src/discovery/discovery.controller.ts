import { sendJson } from '#http';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { BROKER, type Broker } from '../broker.ts';
import { EDGE, type Edge } from '../edge.ts';
import { JWKS_ANSWER, METADATA_ANSWER } from '../openapi/discovery-answers.ts';
import { UNAVAILABLE_ANSWER } from '../openapi/error-answers.ts';
import { OPERATION_SCHEMA_ANSWER, operationSchemaOf } from '../openapi/http-operation-schema.ts';
import { ROUTES } from '../served-paths.ts';
import { metadataOf } from './metadata.ts';

/** Minutes: a new key is published an hour before it signs. */
const CACHE_CONTROL = 'public, max-age=300';

@ApiTags('discovery')
@Controller()
export class DiscoveryController {
  private readonly metadata: string;
  private readonly operationSchema: string;

  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    @Inject(EDGE) edge: Edge,
  ) {
    this.metadata = JSON.stringify(metadataOf(edge));
    this.operationSchema = JSON.stringify(operationSchemaOf(edge.issuer));
  }

  @Get(ROUTES.metadata)
  @ApiOperation({ operationId: 'metadata', summary: 'Authorization server metadata (RFC 8414)' })
  @ApiResponse(METADATA_ANSWER)
  readMetadata(@Res() reply: FastifyReply): void {
    sendJson(reply, { status: 200, body: this.metadata, cacheControl: CACHE_CONTROL });
  }

  @Get(ROUTES.operationSchema)
  @ApiOperation({
    operationId: 'operationSchema',
    summary: 'JSON Schema of the authorization detail http_operation (RFC 9396)',
  })
  @ApiResponse(OPERATION_SCHEMA_ANSWER)
  readOperationSchema(@Res() reply: FastifyReply): void {
    const headers = { 'Content-Type': 'application/schema+json' };
    sendJson(reply, { status: 200, body: this.operationSchema, cacheControl: CACHE_CONTROL, headers });
  }

  @Get(ROUTES.jwks)
  @ApiOperation({ operationId: 'jwks', summary: 'Public signing keys (RFC 7517)' })
  @ApiResponse(JWKS_ANSWER)
  @ApiResponse(UNAVAILABLE_ANSWER)
  readKeys(@Res() reply: FastifyReply): void {
    sendJson(reply, { status: 200, body: this.broker.publishedKeys(), cacheControl: CACHE_CONTROL });
  }
}
