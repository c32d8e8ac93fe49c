import { ADMIN_PREFIX, AdminProblem, type FullRelease } from '#core';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource } from '../calls/answer-resource.ts';
import { changeAnswer } from '../calls/change-answer.ts';
import { readListQuery } from '../calls/list-query.ts';
import { DIFF_EXAMPLE, DOCUMENT_EXAMPLE } from '../draft/draft-examples.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import { MessageDto } from './message.dto.ts';
import { Publishing, type PublishCall } from './publishing.ts';
import { readLiveNumber, readReleaseNumber } from './release-number.ts';
import { renderHead, renderRelease } from './render-release.ts';
import { ReleaseCall, type VersionedReleaseCall } from './release-call.ts';

const HEAD = {
  number: 8,
  author: 'https://login.example|ada',
  message: 'support may refund',
  published_at: '2026-01-05T09:00:00.000Z',
  rollback_of: null,
  live: true,
};
const RELEASE = { ...HEAD, document: DOCUMENT_EXAMPLE, diff: DIFF_EXAMPLE };
const LIVE = 'number of the live release, "0" for none';

@ApiTags('releases')
@Controller(`${ADMIN_PREFIX}/releases`)
export class ReleasesController {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(Publishing) private readonly publishing: Publishing,
  ) {}

  @Get()
  @DescribeCall({
    id: 'releases.list',
    summary: 'What was published, the newest first',
    query: { limit: '1 to 200, default 50', cursor: 'the `next` of the page before' },
    answer: { items: [HEAD], next: null },
  })
  async list(@Res() reply: FastifyReply): Promise<void> {
    const { limit, after } = readListQuery(reply.request, []);
    if (after !== null && !/^[1-9][0-9]{0,8}$/.test(after)) throw new AdminProblem('admin.bad_cursor');
    const before = after === null ? null : Number(after);
    const found = await this.store.releases({ limit: limit + 1, before });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const next = found.length > limit && last !== undefined ? String(last.number) : null;
    answerResource(reply, { body: { items: items.map(renderHead), next } });
  }

  @Get('live')
  @DescribeCall({ id: 'releases.live', summary: 'What is live', answer: RELEASE })
  async live(@Res() reply: FastifyReply): Promise<void> {
    await this.answer(reply, await this.store.release('live'));
  }

  @Get(':number')
  @DescribeCall({ id: 'releases.read', summary: 'One release', answer: RELEASE })
  async read(@Param('number') number: string, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(reply, await this.store.release(readReleaseNumber(number)));
  }

  @Post()
  @HttpCode(201)
  @DescribeCall({
    id: 'releases.publish',
    summary: 'Makes the draft live, as it is now',
    body: { message: HEAD.message },
    ifMatch: LIVE,
    isIdempotent: true,
    status: 201,
    answer: RELEASE,
  })
  async publish(
    @ReleaseCall() call: VersionedReleaseCall,
    @Body() { message }: MessageDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = wantedOf(call, message, reply);
    await changeAnswer({ store: this.store, reply }, { ...call, target: 'releases' }, (transaction) =>
      this.publishing.publish(transaction, wanted),
    );
  }

  @Post(':number/rollback')
  @HttpCode(201)
  @DescribeCall({
    id: 'releases.rollback',
    summary: 'Makes the content of an earlier release live again, under a new number',
    body: { message: 'refunds went wrong' },
    ifMatch: LIVE,
    isIdempotent: true,
    status: 201,
    answer: { ...RELEASE, number: 9, message: 'refunds went wrong', rollback_of: 7 },
  })
  async rollBack(
    @ReleaseCall() call: VersionedReleaseCall,
    @Body() { message }: MessageDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const number = readReleaseNumber(call.number);
    const wanted = wantedOf(call, message, reply);
    const earlier = await this.store.release(number);
    if (earlier === null) throw new AdminProblem('admin.not_found');
    await changeAnswer(
      { store: this.store, reply },
      { ...call, target: `releases/${number}` },
      (transaction) => this.publishing.rollBack(transaction, wanted, earlier),
    );
  }

  private async answer(reply: FastifyReply, release: FullRelease | null): Promise<void> {
    if (release === null) throw new AdminProblem('admin.not_found');
    const [head] = await this.store.releases({ limit: 1, before: release.number });
    const before = head === undefined ? null : await this.store.release(head.number);
    const body = renderRelease(release, before?.document ?? null);
    // Only of what is live the number is a version: it is what a publication names.
    answerResource(reply, { body, ...(release.isLive ? { version: String(release.number) } : {}) });
  }
}

/** Path of the list, as the caller spelt it. */
function listPath({ request }: FastifyReply): string {
  return request.originalUrl.replace(/\/[^/]*\/rollback$/, '');
}

function wantedOf(
  { caller, version }: VersionedReleaseCall,
  message: string,
  reply: FastifyReply,
): PublishCall {
  return { caller, ifLive: readLiveNumber(version), message, location: listPath(reply) };
}
