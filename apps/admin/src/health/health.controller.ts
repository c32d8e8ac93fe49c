import { sendJson } from '#http';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Open } from '../calls/open.ts';
import { ALIVE_ANSWER, NOT_READY_ANSWER, READY_ANSWER } from '../openapi/health-answers.ts';
import { ROUTES } from '../served-paths.ts';
import { ADMIN_STATE, type AdminState } from '../state.ts';

@Open()
@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(@Inject(ADMIN_STATE) private readonly state: AdminState) {}

  /** Asks nothing of anybody: a process that cannot reach its database must not be restarted for it. */
  @Get(ROUTES.livez)
  @ApiOperation({ operationId: 'livez', summary: 'Is the process alive?' })
  @ApiResponse(ALIVE_ANSWER)
  live(@Res() reply: FastifyReply): void {
    sendJson(reply, { status: 200, body: '{"status":"alive"}' });
  }

  @Get(ROUTES.readyz)
  @ApiOperation({ operationId: 'readyz', summary: 'Can administration be done now?' })
  @ApiResponse(READY_ANSWER)
  @ApiResponse(NOT_READY_ANSWER)
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { ready, checks } = await this.state.readiness();
    const body = { status: ready ? 'ready' : 'not_ready', checks };
    sendJson(reply, { status: ready ? 200 : 503, body, headers: ready ? {} : { 'Retry-After': '1' } });
  }
}
