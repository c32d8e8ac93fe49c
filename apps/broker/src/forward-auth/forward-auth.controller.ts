import { OAuthError, REASON_ID_HEADER, type ForwardAuthRequest } from '#core';
import { EarlyRefusal, peerIp, sendJson } from '#http';
import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER, type Broker } from '../broker.ts';
import { EDGE, type Edge } from '../edge.ts';
import { untilNextStep } from '../introspection/even-steps.ts';
import { DescribeForwardAuth } from '../openapi/forward-auth-operation.ts';
import { ROUTES } from '../served-paths.ts';

/** The id of a resource server, and what follows it. */
const BELOW = /^\/forward-auth\/([a-z][a-z0-9-]{0,63})((?:[/?].*)?)$/;

/** `ANY /forward-auth/<id>`: whatever is not 200 means that the request must not pass. */
@ApiTags('oauth')
@Controller()
export class ForwardAuthController {
  private readonly below: number;

  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    @Inject(EDGE) private readonly edge: Edge,
  ) {
    const { pathname } = new URL(edge.issuer);
    this.below = pathname === '/' ? 0 : pathname.length;
  }

  @All(ROUTES.forwardAuth)
  @DescribeForwardAuth()
  async ask(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const beganAt = performance.now();
    const answer = await this.broker.forwardAuth(this.read(request));
    if (answer.permitted) {
      sendJson(reply, { status: 200, body: {}, headers: answer.headers });
      return;
    }
    const headers = { 'WWW-Authenticate': answer.challenge, [REASON_ID_HEADER]: answer.reasonId };
    await untilNextStep(beganAt);
    sendJson(reply, { status: 401, body: REFUSED, headers });
  }

  /** Fails  EarlyRefusal gateway.unknown: the path names nobody */
  private read({ raw, originalUrl }: FastifyRequest): ForwardAuthRequest {
    const [, serverId, rest] = BELOW.exec(originalUrl.slice(this.below)) ?? [];
    if (serverId === undefined || rest === undefined)
      throw new EarlyRefusal(new OAuthError('gateway.unknown', 'the path names no resource server'));
    const { rawHeaders, socket, method } = raw;
    const ip = peerIp(socket.remoteAddress, this.edge.proxies);
    return { serverId, rest, method: method ?? '', http: { rawHeaders, ip } };
  }
}

const REFUSED = { error: 'invalid_token', error_description: 'the token does not permit this request now' };
