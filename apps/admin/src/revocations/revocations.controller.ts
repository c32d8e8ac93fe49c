import { ADMIN_PREFIX } from '#core';
import { Body, Controller, Get, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource } from '../calls/answer-resource.ts';
import { readListQuery } from '../calls/list-query.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import { Creation, type CreateCall } from '../registrations/registration-call.ts';
import { renderRevocation } from './render-revocation.ts';
import { RevocationDto, RevokedNameDto } from './revocation.dto.ts';
import { Revocations } from './revocations.ts';

const NAME = { issuer: 'spiffe://prod.example', subject: 'spiffe://prod.example/ns/payments/sa/biller' };

const EXAMPLE = { ...NAME, blocked: true, changed_at: '2026-01-05T09:00:00.000Z' };

const LIFTED = { ...EXAMPLE, blocked: false, dead_until: '2026-01-05T09:00:00.000Z' };

/** What admins take back that no registration stands for: a workload, a trust domain, a user. */
@ApiTags('revocations')
@Controller(`${ADMIN_PREFIX}/revocations`)
export class RevocationsController {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(Revocations) private readonly revocations: Revocations,
  ) {}

  @Get()
  @DescribeCall({
    id: 'revocations.list',
    summary: 'What admins have revoked',
    query: {
      limit: '1 to 200, default 50',
      cursor: 'the `next` of the page before',
      issuer: 'exactly this',
      subject: 'exactly this',
    },
    answer: { items: [EXAMPLE], next: null },
  })
  async list(@Res() reply: FastifyReply): Promise<void> {
    const query = readListQuery(reply.request, ['issuer', 'subject']);
    const { items, next } = await this.store.revocations(query);
    answerResource(reply, { body: { items: items.map(renderRevocation), next } });
  }

  @Post()
  @HttpCode(200)
  @DescribeCall({
    id: 'revocations.revoke',
    summary: 'Revokes a workload, all of an issuer, or a user; every token is dead when it is answered',
    body: { ...NAME, block: true },
    isIdempotent: true,
    answer: EXAMPLE,
  })
  async revoke(
    @Creation() call: CreateCall,
    @Body() { block = false, ...name }: RevocationDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.revocations.change({ ...call, reply }, name, block ? 'block' : 'cut');
  }

  @Post('lift')
  @HttpCode(200)
  @DescribeCall({
    id: 'revocations.lift',
    summary:
      'Ends a block: what is vouched for from now on is taken again, and nothing that was dead revives',
    body: NAME,
    isIdempotent: true,
    answer: LIFTED,
  })
  async lift(
    @Creation() call: CreateCall,
    @Body() name: RevokedNameDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.revocations.change({ ...call, reply }, name, 'lift');
  }
}
