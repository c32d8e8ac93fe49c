import { readRevocationRequest } from '#core';
import { readPost, sendJson } from '#http';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER, type Broker } from '../broker.ts';
import { EDGE, type Edge } from '../edge.ts';
import { DescribeRevocation } from '../openapi/revocation-operation.ts';
import { ROUTES } from '../served-paths.ts';

/** `POST /revoke` (RFC 7009): the answer is the same whether there was something to revoke or not. */
@ApiTags('oauth')
@Controller()
export class RevocationController {
  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    @Inject(EDGE) private readonly edge: Edge,
  ) {}

  @Post(ROUTES.revoke)
  @DescribeRevocation()
  async revoke(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.broker.revoke(readPost(request, this.edge.proxies, readRevocationRequest));
    sendJson(reply, { status: 200, body: '{}' });
  }
}
