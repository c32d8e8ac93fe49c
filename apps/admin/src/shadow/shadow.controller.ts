import {
  ADMIN_PREFIX,
  AdminProblem,
  type AdminCaller,
  type AdminTransaction,
  type JsonObject,
  type Shadow,
  type ShadowReport,
} from '#core';
import { Body, Controller, Delete, Get, Inject, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource, keptAnswer } from '../calls/answer-resource.ts';
import { Caller } from '../calls/caller.ts';
import { changeAnswer } from '../calls/change-answer.ts';
import { digestOf } from '../calls/digest-of.ts';
import { readEmpty } from '../calls/read-empty.ts';
import { DraftView } from '../draft/draft-view.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';

const EXAMPLE = {
  id: '019b8a3e-8f10-7cc3-a1d2-4b5c6d7e8f90',
  started_at: '2026-01-05T09:00:00.000Z',
  started_by: 'https://login.example|ada',
  compared: 9120,
  skipped: 0,
  differences: [
    {
      kind: 'newly_allowed',
      policy: 'support-refunds',
      operation: 'orders.refund',
      count: 3,
      example_reason_id: '019b8a3e-91aa-7b1c-8c3d-0e1f2a3b4c5d',
    },
  ],
};

const NOTHING: ShadowReport = { compared: 0, skipped: 0, differences: [] };

const TARGET = 'shadow';

@ApiTags('releases')
@Controller(`${ADMIN_PREFIX}/shadow`)
export class ShadowController {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(DraftView) private readonly view: DraftView,
  ) {}

  @Get()
  @DescribeCall({
    id: 'shadow.read',
    summary: 'What the shadow would have decided otherwise',
    answer: EXAMPLE,
  })
  async read(@Res() reply: FastifyReply): Promise<void> {
    const running = await this.store.shadow();
    if (running === null) throw new AdminProblem('admin.not_found');
    answerResource(reply, { body: rendered(running.shadow, running.report) });
  }

  @Put()
  @DescribeCall({
    id: 'shadow.start',
    summary: 'Evaluates the draft, as it is now, beside what is live; in place of the shadow that runs',
    body: {},
    answer: { ...EXAMPLE, compared: 0, differences: [] },
  })
  async start(
    @Caller() caller: AdminCaller,
    @Body() body: JsonObject,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    readEmpty(body);
    await this.change({ caller, reply }, async (transaction) => {
      const draft = await transaction.lockDraft();
      this.view.demandSound(draft);
      const shadow = await transaction.startShadow(draft.document);
      return { after: digestOf(draft.document), body: rendered(shadow, NOTHING) };
    });
  }

  @Delete()
  @DescribeCall({ id: 'shadow.stop', summary: 'Ends the shadow; its counts go with it', answer: null })
  async stop(@Caller() caller: AdminCaller, @Res() reply: FastifyReply): Promise<void> {
    await this.change({ caller, reply }, async (transaction) => {
      await transaction.stopShadow();
      return { after: null, body: null };
    });
  }

  private async change({ caller, reply }: Call, work: Work): Promise<void> {
    const call = { caller, idempotency: null, target: TARGET };
    await changeAnswer({ store: this.store, reply }, call, async (transaction) => {
      const { after, body } = await work(transaction);
      const act = { operation: caller.question.action, target: TARGET, before: null, after };
      return { acts: [act], answer: keptAnswer({ status: body === null ? 204 : 200, body }) };
    });
  }
}

interface Call {
  readonly caller: AdminCaller;
  readonly reply: FastifyReply;
}

type Work = (
  transaction: AdminTransaction,
) => Promise<{ readonly after: string | null; readonly body: object | null }>;

function rendered(
  { id, startedAt, startedBy }: Shadow,
  { compared, skipped, differences }: ShadowReport,
): object {
  return {
    id,
    started_at: new Date(startedAt).toISOString(),
    started_by: startedBy,
    compared,
    skipped,
    differences: differences.map(({ exampleReasonId, ...difference }) => ({
      ...difference,
      example_reason_id: exampleReasonId,
    })),
  };
}
