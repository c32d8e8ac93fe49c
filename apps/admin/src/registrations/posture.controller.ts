import { ADMIN_PREFIX, AdminProblem, type StoredPosture } from '#core';
import { Body, Controller, Get, Inject, Param, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource, keptAnswer } from '../calls/answer-resource.ts';
import { changeAnswer } from '../calls/change-answer.ts';
import { digestOf } from '../calls/digest-of.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import { PostureDto } from './posture.dto.ts';
import { readPosture } from './read-posture.ts';
import { Report, type ReportCall } from './registration-call.ts';

const EXAMPLE = {
  compliant: true,
  facts: { disk_encrypted: true, firewall: false },
  learnt_at: '2026-01-05T09:00:00.000Z',
  learnt_from: 'https://login.example|mdm-connector',
};

/** What is reported of a device. An operation of its own: who reports posture need not register anything. */
@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/devices/:id/posture`)
export class PostureController {
  constructor(@Inject(ADMIN_STORE) private readonly store: AdminStore) {}

  @Get()
  @DescribeCall({ id: 'devices.posture', summary: 'What was last reported of a device', answer: EXAMPLE })
  async read(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const posture = await this.store.posture(id);
    if (posture === null) throw new AdminProblem('admin.not_found');
    answerResource(reply, { body: rendered(posture) });
  }

  @Put()
  @DescribeCall({
    id: 'devices.report-posture',
    summary: 'Reports what a device is like, in place of the report before',
    body: { compliant: true, facts: { disk_encrypted: true, firewall: false } },
    answer: EXAMPLE,
  })
  async report(
    @Report() { caller, id }: ReportCall,
    @Body() body: PostureDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const report = readPosture(body);
    const target = `devices/${id}/posture`;
    const call = { caller, idempotency: null, target };
    await changeAnswer({ store: this.store, reply }, call, async (transaction) => {
      const stored = await transaction.reportPosture(id, report);
      const act = { operation: caller.question.action, target, before: null, after: digestOf({ ...report }) };
      return { acts: [act], answer: keptAnswer({ body: rendered(stored) }) };
    });
  }
}

function rendered({ compliant, facts, learntAt, learntFrom }: StoredPosture): object {
  return {
    ...(compliant === null ? {} : { compliant }),
    facts,
    learnt_at: new Date(learntAt).toISOString(),
    learnt_from: learntFrom,
  };
}
