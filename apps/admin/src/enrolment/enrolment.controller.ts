import { AdminProblem, ROLES } from '#core';
import { clientIp, sendJson, TrustedProxies } from '#http';
import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from '../calls/change-answer.ts';
import { Open } from '../calls/open.ts';
import { rawBodyOf } from '../calls/read-body.ts';
import { ENROL, type Enrol } from '../ports.ts';
import { documentOf } from '../registrations/document-of.ts';
import { ROUTES } from '../served-paths.ts';
import { Attempts } from './attempts.ts';
import { EnrolmentDto } from './enrolment.dto.ts';

/** An ID token, two documents and their keys. */
const MAX_BODY_BYTES = 65_536;

const NO_PROXIES = new TrustedProxies([]);

/** The one call without a token: whoever makes it has the code that the log of this process was shown. */
@Open()
@ApiTags('enrolment')
@Controller()
export class EnrolmentController {
  private readonly attempts = new Attempts();

  constructor(@Inject(ENROL) private readonly enrol: Enrol) {}

  @Post(ROUTES.enrolment)
  @ApiOperation({
    operationId: 'enrolment',
    summary: 'Makes the holder of an enrolment code an admin with all roles; once',
  })
  @ApiResponse({
    status: 201,
    description: 'enrolled',
    content: {
      'application/json': {
        schema: { type: 'object' },
        example: { issuer: 'https://login.example', subject: 'ada', roles: ROLES },
      },
    },
  })
  @ApiResponse({
    status: 403,
    description: 'the code or the ID token was not accepted; it is not said which',
  })
  async enroll(
    @Body() body: EnrolmentDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!this.attempts.take()) throw new AdminProblem('admin.enrolment_refused');
    if (rawBodyOf(request).length > MAX_BODY_BYTES) throw new AdminProblem('admin.too_large');
    try {
      const { issuer, subject } = await this.enrol({
        code: body.code,
        idToken: body.id_token,
        identityProvider: documentOf(body.identity_provider).document,
        client: documentOf(body.client).document,
        ip: clientIp(request.raw.socket.remoteAddress, () => [], NO_PROXIES),
      });
      sendJson(reply, { status: 201, body: { issuer, subject, roles: ROLES } });
    } catch (thrown) {
      throw problemOf(thrown);
    }
  }
}
