import {
  headerValues,
  readIntrospectionRequest,
  REASON_ID_HEADER,
  SIGNED_ANSWER_TYPE,
  wantsSignedAnswer,
  type IntrospectionAnswer,
} from '#core';
import { readPost, sendJson } from '#http';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER, type Broker } from '../broker.ts';
import { EDGE, type Edge } from '../edge.ts';
import { DescribeIntrospection } from '../openapi/introspection-operation.ts';
import { ROUTES } from '../served-paths.ts';
import { untilNextStep } from './even-steps.ts';

/** The whole negative answer: nothing in it tells one reason from another (RFC 7662 §2.2). */
const INACTIVE = { active: false };

/** What was only looked at is told beside `active: false`, so that no software can take it for permission. */
function bodyOf(answer: IntrospectionAnswer): object {
  if (answer.active) return answer.body;
  return answer.peeked === undefined ? INACTIVE : { active: false, peek: answer.peeked };
}

/** `POST /introspect` (RFC 7662): a positive answer has spent the token. */
@ApiTags('oauth')
@Controller()
export class IntrospectionController {
  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    @Inject(EDGE) private readonly edge: Edge,
  ) {}

  @Post(ROUTES.introspect)
  @DescribeIntrospection()
  async introspect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const beganAt = performance.now();
    const asked = readPost(request, this.edge.proxies, readIntrospectionRequest);
    const sign = this.isSignedWanted(request) ? this.broker.answerSigner() : null;
    const answer = await this.broker.introspect(asked);
    if (!answer.active) {
      void reply.header(REASON_ID_HEADER, answer.reasonId);
      await untilNextStep(beganAt);
    }
    const body = bodyOf(answer);
    if (sign === null) sendJson(reply, { status: 200, body });
    else {
      const mediaType = `application/${SIGNED_ANSWER_TYPE}`;
      sendJson(reply, { status: 200, body: sign(body, answer.callerId), mediaType });
    }
  }

  /** RFC 9701 §4. */
  private isSignedWanted({ raw: { rawHeaders } }: FastifyRequest): boolean {
    return wantsSignedAnswer(headerValues({ rawHeaders }, 'accept'));
  }
}
