import { readTokenRequest } from '#core';
import { readPost, sendJson } from '#http';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER, type Broker } from '../broker.ts';
import { EDGE, type Edge } from '../edge.ts';
import { DescribeToken } from '../openapi/token-operation.ts';
import { ROUTES } from '../served-paths.ts';
import { callerTokenAnswer } from './caller-token-answer.ts';
import { transactionAnswer } from './transaction-answer.ts';
import { tokenAnswer } from './token-answer.ts';

/** `POST /token` (RFC 8693, RFC 6749 §4.4). No pipes and no DTO: the form is read strictly, by core, from its bytes. */
@ApiTags('oauth')
@Controller()
export class TokenController {
  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    @Inject(EDGE) private readonly edge: Edge,
  ) {}

  @Post(ROUTES.token)
  @DescribeToken()
  async exchange(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const asked = readPost(request, this.edge.proxies, readTokenRequest);
    if (asked.wants === 'txn_token') {
      const transaction = await this.broker.issueTransactionToken(asked.request);
      return sendJson(reply, { status: 200, body: transactionAnswer(transaction) });
    }
    if (asked.wants === 'caller_token') {
      const issued = await this.broker.issueCallerToken(asked.request);
      return sendJson(reply, { status: 200, body: callerTokenAnswer(issued) });
    }
    const issued =
      asked.wants === 'deferred_token'
        ? await this.broker.redeemDeferral(asked.request)
        : await this.broker.exchange(asked.request);
    if (issued.dpopNonce !== null) void reply.header('DPoP-Nonce', issued.dpopNonce);
    sendJson(reply, { status: 200, body: tokenAnswer(issued) });
  }
}
