import { readSubjectRevocationRequest } from '#core';
import { readRawPost, sendNothing } from '#http';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER, type Broker } from '../broker.ts';
import { EDGE, type Edge } from '../edge.ts';
import { DescribeSubjectRevocation } from '../openapi/subject-revocation-operation.ts';
import { ROUTES } from '../served-paths.ts';

/** `POST /global-token-revocation`: an identity provider takes back all that one of its users has. */
@ApiTags('revocation')
@Controller()
export class SubjectRevocationController {
  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    @Inject(EDGE) private readonly edge: Edge,
  ) {}

  @Post(ROUTES.globalRevocation)
  @DescribeSubjectRevocation()
  async revoke(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.broker.revokeSubject(readRawPost(request, this.edge.proxies, readSubjectRevocationRequest));
    sendNothing(reply, 204);
  }
}
