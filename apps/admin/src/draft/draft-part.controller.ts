import { ADMIN_PREFIX, type JsonObject } from '#core';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DescribeCall } from '../openapi/describe-call.ts';
import { Change, Creation, type ChangeCall, type CreateCall } from '../registrations/registration-call.ts';
import { DraftEditing } from './draft-editing.ts';
import type { DraftPart } from './draft-part.ts';
import { CONTEXT_ATTRIBUTES_PART, OPERATIONS, POLICIES, POLICY_TESTS } from './draft-parts.ts';

const LISTED = { limit: '1 to 200, default 50', cursor: 'the `next` of the page before' };

/**
 * The five calls of one part. Bodies are read by core, whose schemas are closed: there is no class that could let a
 * member through or drop it.
 */
function draftPartController(part: DraftPart): Type<object> {
  const { path, one, filters, looks } = part;
  const represented = {
    ...part.example,
    updated_at: '2026-01-05T09:00:00.000Z',
    updated_by: 'https://login.example|ada',
  };
  const changed = { ...represented, problems: [], warnings: [] };
  const narrowed = [...filters, ...Object.keys(looks)].map((name) => [name, 'exactly this'] as const);

  @ApiTags('draft')
  @Controller(`${ADMIN_PREFIX}/${path}`)
  class DraftPartController {
    constructor(@Inject(DraftEditing) private readonly editing: DraftEditing) {}

    @Get()
    @DescribeCall({
      id: `${path}.list`,
      summary: `Each ${one} of the draft, in pages`,
      query: { ...LISTED, ...Object.fromEntries(narrowed) },
      answer: { items: [represented], next: null },
    })
    list(@Res() reply: FastifyReply): Promise<void> {
      return this.editing.list(part, reply);
    }

    @Post()
    @DescribeCall({
      id: `${path}.create`,
      summary: `Drafts a ${one}`,
      body: part.example,
      isIdempotent: true,
      status: 201,
      answer: changed,
    })
    create(
      @Creation() call: CreateCall,
      @Body() body: JsonObject,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      return this.editing.create(part, { ...call, reply }, body);
    }

    @Get(':id')
    @DescribeCall({ id: `${path}.read`, summary: `One ${one} of the draft`, answer: represented })
    read(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
      return this.editing.read(part, id, reply);
    }

    @Put(':id')
    @DescribeCall({
      id: `${path}.replace`,
      summary: `Replaces a ${one} of the draft`,
      body: part.example,
      ifMatch: 'the ETag of the version that changes',
      answer: changed,
    })
    replace(@Change() call: ChangeCall, @Body() body: JsonObject, @Res() reply: FastifyReply): Promise<void> {
      return this.editing.replace(part, { ...call, reply }, body);
    }

    @Delete(':id')
    @DescribeCall({
      id: `${path}.delete`,
      summary: `Takes a ${one} out of the draft`,
      ifMatch: 'the ETag of the version that goes',
      answer: null,
    })
    remove(@Change() call: ChangeCall, @Res() reply: FastifyReply): Promise<void> {
      return this.editing.remove(part, { ...call, reply });
    }
  }
  return DraftPartController;
}

export const DRAFT_PART_CONTROLLERS = [POLICIES, POLICY_TESTS, OPERATIONS, CONTEXT_ATTRIBUTES_PART].map(
  draftPartController,
);
