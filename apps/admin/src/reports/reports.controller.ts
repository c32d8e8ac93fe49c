import { ADMIN_PREFIX, AdminProblem } from '#core';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource } from '../calls/answer-resource.ts';
import { readQuery } from '../calls/list-query.ts';
import { REPLAY_EXAMPLE } from '../draft/draft-examples.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { Standing } from './standing.ts';
import { UnusedRights } from './unused.ts';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 90;
const MOST_DAYS = 365;

@ApiTags('reports')
@Controller(`${ADMIN_PREFIX}/reports`)
export class ReportsController {
  constructor(
    @Inject(UnusedRights) private readonly unusedRights: UnusedRights,
    @Inject(Standing) private readonly standing: Standing,
  ) {}

  @Get('unused')
  @DescribeCall({
    id: 'reports.unused',
    summary: 'Rights that nobody has needed, and how policies could be narrower',
    query: { days: `1 to ${MOST_DAYS}, default ${DEFAULT_DAYS}` },
    answer: {
      since: '2025-10-07T09:00:00.000Z',
      policies: [{ id: 'export-orders', last_used: null }],
      operations: [{ id: 'orders.export', last_used: '2025-09-01T12:00:00.000Z' }],
      subjects: [{ id: 'https://login.example|bob', last_used: '2025-08-11T07:30:00.000Z' }],
      narrowings: [
        {
          policy: 'support',
          cedar:
            'permit (\n  principal in Group::"support",\n  action == Action::"orders.refund",\n  resource == Api::"orders"\n);\n',
          replay: { ...REPLAY_EXAMPLE, newly_allowed: [] },
        },
      ],
    },
  })
  async unused(@Res() reply: FastifyReply): Promise<void> {
    const { days } = readQuery(reply.request, ['days']);
    const since = Date.now() - readDays(days) * DAY_MS;
    answerResource(reply, { body: await this.unusedRights.since(since) });
  }

  @Get('standing-privilege')
  @DescribeCall({
    id: 'reports.standing',
    summary: 'Everything that does not expire or is wider than it must be',
    answer: {
      score: 5,
      findings: [
        {
          rule: 'device-never-attested',
          severity: 'medium',
          subject: 'devices/adas-laptop',
          why: 'it never proved what it is',
          remedy: 'attest it, or delete it',
        },
      ],
    },
  })
  async standingPrivilege(@Res() reply: FastifyReply): Promise<void> {
    answerResource(reply, { body: await this.standing.report() });
  }
}

function readDays(text: string | undefined): number {
  if (text === undefined) return DEFAULT_DAYS;
  const days = /^[1-9][0-9]{0,2}$/.test(text) ? Number(text) : MOST_DAYS + 1;
  if (days <= MOST_DAYS) return days;
  throw new AdminProblem('admin.malformed', [
    { detail: `days must be a whole number from 1 to ${MOST_DAYS}` },
  ]);
}
