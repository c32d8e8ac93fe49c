import { Readable } from 'node:stream';
import { ADMIN_PREFIX, AdminProblem } from '#core';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerResource } from '../calls/answer-resource.ts';
import { readCursor, readLimit } from '../calls/list-query.ts';
import { DescribeCall } from '../openapi/describe-call.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import { AUDIT_QUERY, readAuditFilter } from './audit-filter.ts';
import { exportLines } from './export-lines.ts';
import { renderEvent } from './render-event.ts';

const EVENT = {
  id: '019b8a3e-8f10-7cc3-a1d2-4b5c6d7e8f90',
  at: '2026-01-05T09:00:00.000Z',
  type: 'admin.act',
  outcome: 'done',
  reason: null,
  reason_id: '019b8a3e-8f10-7cc3-a1d2-4b5c6d7e8f90',
  txn: '019b8a3e-8e77-7d01-9a51-5a3bb1a9d7ce',
  detail: null,
  caller_id: 'oncekey-cli',
  subject: { issuer: 'https://login.example', subject: 'ada' },
  ip: '192.0.2.7',
  act: { operation: 'admin.releases.publish', target: 'releases/8', before: null, after: '47DEQpj8HBSa' },
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

@ApiTags('audit')
@Controller(ADMIN_PREFIX)
export class AuditController {
  constructor(@Inject(ADMIN_STORE) private readonly store: AdminStore) {}

  @Get('audit')
  @DescribeCall({
    id: 'audit.search',
    summary: 'What happened, the newest first',
    query: { ...AUDIT_QUERY, limit: '1 to 200, default 50', cursor: 'the `next` of the page before' },
    answer: { items: [EVENT], next: null },
  })
  async search(@Res() reply: FastifyReply): Promise<void> {
    const { filter, rest } = readAuditFilter(reply.request, ['limit', 'cursor']);
    const page = { limit: readLimit(rest['limit']), before: readCursor(rest['cursor']) };
    const { items, next } = await this.store.audit(filter, page);
    answerResource(reply, { body: { items: items.map(renderEvent), next } });
  }

  @Get('audit/:id')
  @DescribeCall({ id: 'audit.read', summary: 'One event', answer: EVENT })
  async read(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const event = UUID.test(id) ? await this.store.auditEvent(id) : null;
    if (event === null) throw new AdminProblem('admin.not_found');
    answerResource(reply, { body: renderEvent(event) });
  }

  @Get('audit-export')
  @DescribeCall({
    id: 'audit.export',
    summary: 'The same, one event a line, at most 100 000',
    query: AUDIT_QUERY,
    answerType: 'application/jsonl',
    answer: EVENT,
  })
  async export(@Res() reply: FastifyReply): Promise<void> {
    const { filter } = readAuditFilter(reply.request);
    const lines = exportLines(this.store, filter);
    // The first page is read before the head is sent: a database that does not answer is a 503, not half a list.
    const first = await lines.next();
    void reply
      .code(200)
      .header('Content-Type', 'application/jsonl')
      .header('Cache-Control', 'no-store')
      .header('X-Content-Type-Options', 'nosniff')
      .send(Readable.from(resumed(first, lines)));
  }
}

async function* resumed(
  first: IteratorResult<string, unknown>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
