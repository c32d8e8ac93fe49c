import { ADMIN_PREFIX, administered, cedarSchemaOf, type JsonObject } from '#core';
import { Body, Controller, Get, HttpCode, Inject, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource } from '../calls/answer-resource.ts';
import { readEmpty } from '../calls/read-empty.ts';
import { Versioned, type VersionedCall } from '../calls/versioned.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import { Creation, type CreateCall } from '../registrations/registration-call.ts';
import { DOCUMENT_EXAMPLE, DRAFT_EXAMPLE } from './draft-examples.ts';
import { DraftReplacing } from './draft-replacing.ts';
import { DraftView } from './draft-view.ts';

@ApiTags('draft')
@Controller(`${ADMIN_PREFIX}/draft`)
export class DraftController {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(DraftView) private readonly view: DraftView,
    @Inject(DraftReplacing) private readonly replacing: DraftReplacing,
  ) {}

  @Get()
  @DescribeCall({ id: 'draft.read', summary: 'The draft as a whole', answer: DRAFT_EXAMPLE })
  async read(@Res() reply: FastifyReply): Promise<void> {
    const draft = await this.store.draft();
    const live = await this.store.release('live');
    answerResource(reply, { body: this.view.of(draft, live), version: draft.version });
  }

  @Put()
  @DescribeCall({
    id: 'draft.replace',
    summary: 'Replaces all of the draft, or nothing',
    body: DOCUMENT_EXAMPLE,
    ifMatch: "the draft's ETag",
    answer: DRAFT_EXAMPLE,
  })
  async replace(
    @Versioned() call: VersionedCall,
    @Body() body: JsonObject,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.replacing.replace({ ...call, idempotency: null, reply }, body);
  }

  @Post('reset')
  @HttpCode(200)
  @DescribeCall({
    id: 'draft.reset',
    summary: 'Makes the draft what is live',
    body: {},
    isIdempotent: true,
    answer: DRAFT_EXAMPLE,
  })
  async reset(
    @Creation() call: CreateCall,
    @Body() body: JsonObject,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    readEmpty(body);
    await this.replacing.reset({ ...call, reply });
  }

  @Get('schema')
  @DescribeCall({
    id: 'draft.schema',
    summary: 'The Cedar schema of the catalog in the draft',
    answer: { cedar_schema: 'entity Group;\nentity User in [Group] = {};\n' },
  })
  async schema(@Res() reply: FastifyReply): Promise<void> {
    const { apis, claimed } = administered((await this.store.draft()).document);
    answerResource(reply, { body: { cedar_schema: cedarSchemaOf(apis, claimed) } });
  }
}
