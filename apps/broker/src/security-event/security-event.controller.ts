import { readSecurityEventRequest } from '#core';
import { readRawPost, sendNothing } from '#http';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER, type Broker } from '../broker.ts';
import { EDGE, type Edge } from '../edge.ts';
import { DescribeSecurityEvent } from '../openapi/security-event-operation.ts';
import { ROUTES } from '../served-paths.ts';

/** `POST /ssf/events` (RFC 8935): 202 says that the event holds from now on, at every broker. */
@ApiTags('revocation')
@Controller()
export class SecurityEventController {
  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    @Inject(EDGE) private readonly edge: Edge,
  ) {}

  @Post(ROUTES.events)
  @DescribeSecurityEvent()
  async receive(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.broker.receiveEvent(readRawPost(request, this.edge.proxies, readSecurityEventRequest));
    sendNothing(reply, 202);
  }
}
