import {
  ADMIN_OPERATIONS,
  ADMIN_PREFIX,
  judge,
  questionAbout,
  ROLE_GROUP_PREFIX,
  type AdminCaller,
  type PolicyRequest,
} from '#core';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource } from '../calls/answer-resource.ts';
import { Caller } from '../calls/caller.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { LivePolicies } from '../policy/live-policies.ts';

@ApiTags('reports')
@Controller(`${ADMIN_PREFIX}/whoami`)
export class WhoamiController {
  constructor(@Inject(LivePolicies) private readonly policies: LivePolicies) {}

  @Get()
  @DescribeCall({
    id: 'whoami',
    summary: 'Who the caller is, and what they may do here',
    answer: {
      issuer: 'https://login.example',
      subject: 'ada',
      client_id: 'oncekey-cli',
      groups: ['support'],
      roles: ['policy-author'],
      operations: ['admin.draft.read', 'admin.policies.replace'],
    },
  })
  async read(@Caller() caller: AdminCaller, @Res() reply: FastifyReply): Promise<void> {
    const { issuer, subject, clientId, question } = caller;
    const { groups } = question.principal;
    const isRole = (group: string): boolean => group.startsWith(ROLE_GROUP_PREFIX);
    answerResource(reply, {
      body: {
        issuer,
        subject,
        client_id: clientId,
        groups: groups.filter((group) => !isRole(group)),
        roles: groups.filter(isRole).map((group) => group.slice(ROLE_GROUP_PREFIX.length)),
        operations: await this.permitted(question),
      },
    });
  }

  /** Asked as this call was, but with a body where the operation has one. */
  private async permitted(question: PolicyRequest): Promise<readonly string[]> {
    const live = await this.policies.live();
    if (live === null) return [];
    return ADMIN_OPERATIONS.filter(({ id, path }) => {
      const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => [name, 'any'] as const);
      const asked = questionAbout(question, id, Object.fromEntries(names));
      return judge(live.release, withBody(asked)).decision === 'permit';
    }).map(({ id }) => id);
  }
}

function withBody(question: PolicyRequest): PolicyRequest {
  const { operation } = question.context;
  const hasDigest = operation.hasDigest || operation.method === 'POST' || operation.method === 'PUT';
  return { ...question, context: { ...question.context, operation: { ...operation, hasDigest } } };
}
