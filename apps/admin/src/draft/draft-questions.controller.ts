import { ADMIN_PREFIX, AdminProblem, type JsonObject } from '#core';
import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource } from '../calls/answer-resource.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { POLICY_TOOLS, type PolicyTools } from '../policy/policy-tools.ts';
import { DIFF_EXAMPLE, DOCUMENT_EXAMPLE, REPLAY_EXAMPLE } from './draft-examples.ts';
import { POLICY_TESTS } from './draft-parts.ts';
import { DraftPlan } from './draft-plan.ts';
import { DraftQuestions } from './draft-questions.ts';
import { FormatDto, PlanDto, ReplayDto, TestDto } from './questions.dto.ts';

const { id, name, expect, ...REQUEST } = POLICY_TESTS.example;

const TESTED = {
  passed: true,
  tests: [
    {
      id,
      name,
      passed: true,
      expected: expect,
      actual: { decision: 'permit', reason: null, policies: ['support-refunds'], obligations: { ttl: 15 } },
      differences: [],
    },
  ],
  coverage: [{ policy: 'support-refunds', allowing: [id], denying: [] }],
  untested: [{ policy: 'support-refunds', missing: ['denying'] }],
};

const RANGE = { from: '2026-01-01T00:00:00Z', to: '2026-01-31T00:00:00Z' };

@ApiTags('draft')
@Controller(`${ADMIN_PREFIX}/draft`)
export class DraftQuestionsController {
  constructor(
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
    @Inject(DraftQuestions) private readonly questions: DraftQuestions,
    @Inject(DraftPlan) private readonly plan: DraftPlan,
  ) {}

  @Post('format')
  @HttpCode(200)
  @DescribeCall({
    id: 'draft.format',
    summary: 'A policy as it is laid out',
    body: { cedar: 'permit(principal,action,resource);' },
    answer: { cedar: 'permit (principal, action, resource);\n' },
  })
  format(@Body() { cedar }: FormatDto, @Res() reply: FastifyReply): void {
    const formatted = this.tools.format(cedar);
    if ('cedar' in formatted) return answerResource(reply, { body: { cedar: formatted.cedar } });
    throw new AdminProblem(
      'admin.invalid',
      formatted.problems.map(({ message, ...place }) => ({ detail: message, pointer: '#/cedar', ...place })),
    );
  }

  @Post('test')
  @HttpCode(200)
  @DescribeCall({
    id: 'draft.test',
    summary: 'Runs the stored tests, or those that are sent, on the draft',
    body: {},
    answer: TESTED,
  })
  async test(@Body() body: TestDto, @Res() reply: FastifyReply): Promise<void> {
    answerResource(reply, { body: await this.questions.test(body) });
  }

  @Post('simulate')
  @HttpCode(200)
  @DescribeCall({
    id: 'draft.simulate',
    summary: 'What a request would get, and why',
    body: { ...REQUEST, against: 'draft' },
    answer: {
      decision: 'deny',
      reason: 'policy.denied',
      policies: [],
      obligations: {},
      ttl_seconds: null,
      applied: [],
      almost: [{ policy: 'support-refunds', effect: 'permit', missing: ['principal in Group::"support"'] }],
    },
  })
  async simulate(@Body() body: JsonObject, @Res() reply: FastifyReply): Promise<void> {
    answerResource(reply, { body: await this.questions.simulate(body) });
  }

  @Post('replay')
  @HttpCode(200)
  @DescribeCall({
    id: 'draft.replay',
    summary: 'What would have been decided otherwise',
    body: { ...RANGE, against: 'draft' },
    answer: REPLAY_EXAMPLE,
  })
  async replay(@Body() body: ReplayDto, @Res() reply: FastifyReply): Promise<void> {
    answerResource(reply, { body: await this.questions.replay(body) });
  }

  @Post('plan')
  @HttpCode(200)
  @DescribeCall({
    id: 'draft.plan',
    summary: 'What putting a document in the place of what is live would change; writes nothing',
    body: { document: DOCUMENT_EXAMPLE, replay: RANGE },
    answer: {
      diff: DIFF_EXAMPLE,
      problems: [],
      warnings: [],
      tests: TESTED,
      replay: REPLAY_EXAMPLE,
      standing: { before: { score: 6, findings: [] }, after: { score: 5, findings: [] } },
    },
  })
  async planned(@Body() body: PlanDto, @Res() reply: FastifyReply): Promise<void> {
    answerResource(reply, { body: await this.plan.of(body) });
  }
}
