import { ADMIN_PREFIX } from '#core';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource } from '../calls/answer-resource.ts';
import { readListQuery } from '../calls/list-query.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import { renderEventPoll } from './render-event-poll.ts';

const EXAMPLE = {
  transmitter: 'event-transmitters/mdm',
  issuer: 'https://mdm.example',
  enabled: true,
  acknowledged: 1204,
  last_poll_at: '2026-01-05T09:00:00.000Z',
  last_success_at: '2026-01-05T08:51:12.000Z',
  failing: {
    since: '2026-01-05T08:51:33.000Z',
    polls: 12,
    why: 'the poll endpoint: status 503',
    next_at: '2026-01-05T09:00:52.000Z',
  },
};

/** Whether events arrive that are fetched. */
@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/event-polls`)
export class EventPollsController {
  constructor(@Inject(ADMIN_STORE) private readonly store: AdminStore) {}

  @Get()
  @DescribeCall({
    id: 'event-polls.list',
    summary: 'How the polls of each transmitter go whose events are fetched',
    query: { limit: '1 to 200, default 50', cursor: 'the `next` of the page before' },
    answer: { items: [EXAMPLE], next: null },
  })
  async list(@Res() reply: FastifyReply): Promise<void> {
    const { limit, after } = readListQuery(reply.request, []);
    const { items, next } = await this.store.eventPolls({ limit, after });
    answerResource(reply, { body: { items: items.map(renderEventPoll), next } });
  }
}
