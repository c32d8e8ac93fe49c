import { ADMIN_PREFIX, type AdminCaller, type JsonObject } from '#core';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource } from '../calls/answer-resource.ts';
import { Caller } from '../calls/caller.ts';
import { changeAnswer } from '../calls/change-answer.ts';
import { readListQuery } from '../calls/list-query.ts';
import { readEmpty } from '../calls/read-empty.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import { Decision, type DecisionCall } from './approval-call.ts';
import { ApprovalDto } from './approval.dto.ts';
import { APPROVAL_EXAMPLE, APPROVED_EXAMPLE } from './approval-example.ts';
import { Approvals } from './approvals.ts';
import { renderApproval } from './render-approval.ts';

/** Requests that wait for somebody's approval, and what is said to them. */
@ApiTags('approvals')
@Controller(`${ADMIN_PREFIX}/approvals`)
export class ApprovalsController {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(Approvals) private readonly approvals: Approvals,
  ) {}

  @Get()
  @DescribeCall({
    id: 'approvals.list',
    summary: 'What waits for the caller to decide, the oldest first',
    query: { limit: '1 to 200, default 50', cursor: 'the `next` of the page before' },
    answer: { items: [APPROVAL_EXAMPLE], next: null },
  })
  async list(@Caller() caller: AdminCaller, @Res() reply: FastifyReply): Promise<void> {
    const { items, next } = await this.approvals.list(caller, readListQuery(reply.request, []));
    answerResource(reply, { body: { items: items.map(renderApproval), next } });
  }

  @Get(':id')
  @DescribeCall({
    id: 'approvals.read',
    summary: 'One request, decided or not, for whoever is in a group that it names',
    answer: APPROVAL_EXAMPLE,
  })
  async read(
    @Caller() caller: AdminCaller,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    answerResource(reply, { body: renderApproval(await this.approvals.read(caller, id)) });
  }

  @Post(':id/approve')
  @HttpCode(200)
  @DescribeCall({
    id: 'approvals.approve',
    summary: 'Approves a request, for all groups of the caller that are wanted',
    body: { operation_hash: APPROVAL_EXAMPLE.operation_hash },
    isIdempotent: true,
    answer: APPROVED_EXAMPLE,
  })
  async approve(
    @Decision() call: DecisionCall,
    @Body() { operation_hash: shown }: ApprovalDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.decide({ ...call, reply }, shown);
  }

  @Post(':id/deny')
  @HttpCode(200)
  @DescribeCall({
    id: 'approvals.deny',
    summary: 'Denies a request, for good',
    body: {},
    isIdempotent: true,
    answer: { ...APPROVAL_EXAMPLE, state: 'denied' },
  })
  async deny(
    @Decision() call: DecisionCall,
    @Body() body: JsonObject,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    readEmpty(body);
    await this.decide({ ...call, reply }, null);
  }

  private async decide(
    { caller, idempotency, id, reply }: DecisionCall & { reply: FastifyReply },
    shown: string | null,
  ): Promise<void> {
    const deferral = await this.approvals.find(id);
    const call = { caller, idempotency, target: `approvals/${id}` };
    await changeAnswer({ store: this.store, reply }, call, (transaction) =>
      this.approvals.decide(transaction, { caller, deferral, shown }),
    );
  }
}
