import {
  AdminProblem,
  changeDraft,
  detailsOfDocument,
  draftRow,
  problemsOfRow,
  type AdminTransaction,
  type DraftRow,
  type JsonObject,
  type ReleaseDocument,
  type StoredResource,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { answerResource, keptAnswer } from '../calls/answer-resource.ts';
import { changeAnswer, type Changed } from '../calls/change-answer.ts';
import { digestOf } from '../calls/digest-of.ts';
import { readListQuery } from '../calls/list-query.ts';
import { POLICY_TOOLS, type PolicyTools } from '../policy/policy-tools.ts';
import { Rights } from '../policy/rights.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import type { ChangeCall, CreateCall } from '../registrations/registration-call.ts';
import type { DraftPart } from './draft-part.ts';
import { renderFindings } from './rendered.ts';

type Reply = { readonly reply: FastifyReply };

/** One change of one part, as it is wanted. */
interface Edit {
  readonly id: string;
  /** Null: it goes. */
  readonly row: DraftRow | null;
}

/** List, create, read, replace and delete, the same for every part of the draft. */
@Injectable()
export class DraftEditing {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
    @Inject(Rights) private readonly rights: Rights,
  ) {}

  async list(part: DraftPart, reply: FastifyReply): Promise<void> {
    const query = readListQuery(reply.request, [...part.filters, ...Object.keys(part.looks)]);
    const narrowing = Object.entries(query.filter).filter(([name]) => part.filters.includes(name));
    const page = await this.store.list(part.kind, { ...query, filter: Object.fromEntries(narrowing) });
    const items = page.items
      .map((stored) => this.represent(stored))
      .filter((item) =>
        Object.entries(part.looks).every(([name, fits]) => {
          const wanted = query.filter[name];
          return wanted === undefined || fits(item, wanted);
        }),
      );
    answerResource(reply, { body: { items, next: page.next } });
  }

  async read(part: DraftPart, id: string, reply: FastifyReply): Promise<void> {
    const found = await this.store.read(part.kind, id);
    if (found === null) throw new AdminProblem('admin.not_found');
    answerResource(reply, { body: this.represent(found), version: found.version });
  }

  async create(part: DraftPart, call: CreateCall & Reply, body: JsonObject): Promise<void> {
    const row = rowOf(part, body);
    const location = `${call.reply.request.originalUrl}/${encodeURIComponent(row.id)}`;
    const write: Write = async (transaction) => ({
      stored: await transaction.create(part.kind, toStore(row)),
      status: 201,
      location,
    });
    await this.change(part, call, { edit: { id: row.id, row }, write });
  }

  async replace(part: DraftPart, call: ChangeCall & Reply, body: JsonObject): Promise<void> {
    const row = rowOf(part, body);
    if (row.id !== call.id) {
      const detail = 'must be the name in the path: a part of the draft keeps its name';
      throw new AdminProblem('admin.invalid', [{ detail, pointer: `#/${part.idMember}` }]);
    }
    const write: Write = async (transaction) => ({
      stored: await transaction.replace(part.kind, toStore(row), call.version),
      status: 200,
    });
    await this.change(part, { ...call, idempotency: null }, { edit: { id: row.id, row }, write });
  }

  async remove(part: DraftPart, call: ChangeCall & Reply): Promise<void> {
    const { id, version } = call;
    const write: Write = async (transaction) => {
      await transaction.remove(part.kind, id, version);
      return null;
    };
    await this.change(part, { ...call, idempotency: null }, { edit: { id, row: null }, write });
  }

  /** Writes first, so that what has moved or is gone is told as such; what is found wrong then takes it all back. */
  private async change(
    part: DraftPart,
    { caller, idempotency, reply }: CreateCall & Reply,
    { edit: { id, row }, write }: { edit: Edit; write: Write },
  ): Promise<void> {
    const target = `${part.path}/${id}`;
    await changeAnswer({ store: this.store, reply }, { caller, idempotency, target }, async (transaction) => {
      const { document } = await transaction.lockDraft();
      const before = draftRow(document, { kind: part.kind, id });
      const written = await write(transaction);
      const after = changeDraft(document, { kind: part.kind, id }, row);
      const findings = this.examine(after, { part, id, row });
      await this.rights.demandFor(transaction, caller, { before: document, after });
      const act = {
        operation: caller.question.action,
        target,
        before: before === null ? null : digestOf(before.document),
        after: row === null ? null : digestOf(row.document),
      };
      return { acts: [act], answer: this.answer(written, findings) };
    });
  }

  /** Fails  AdminProblem admin.invalid for what is wrong with the change itself */
  private examine(after: ReleaseDocument, { part, id, row }: Edit & { part: DraftPart }): object {
    const compiled = this.tools.compile(0, after);
    const problems = 'problems' in compiled ? compiled.problems : [];
    const own = row === null ? [] : problemsOfRow({ kind: part.kind, id }, problems, after);
    if (own.length > 0) throw new AdminProblem('admin.invalid', own);
    return renderFindings(problems, this.tools.lint(after));
  }

  private answer(written: Written | null, findings: object): Changed['answer'] {
    if (written === null) return keptAnswer({ status: 204, body: null });
    const { stored, ...answer } = written;
    return keptAnswer({
      ...answer,
      body: { ...this.represent(stored), ...findings },
      version: stored.version,
    });
  }

  /** A policy also says what stands in its annotations. */
  private represent({ id, document, updatedAt, updatedBy }: StoredResource): JsonObject {
    const { cedar } = document;
    return {
      ...document,
      ...(typeof cedar === 'string' ? this.tools.describe({ id, cedar }) : {}),
      updated_at: new Date(updatedAt).toISOString(),
      updated_by: updatedBy,
    };
  }
}

interface Written {
  readonly stored: StoredResource;
  readonly status: number;
  readonly location?: string;
}

/** Null: it is gone. */
type Write = (transaction: AdminTransaction) => Promise<Written | null>;

function rowOf(part: DraftPart, body: JsonObject): DraftRow {
  const read = part.read(body);
  if ('row' in read) return read.row;
  throw new AdminProblem('admin.invalid', detailsOfDocument(read.problems));
}

function toStore({ id, document }: DraftRow): { id: string; document: JsonObject; enabled: boolean } {
  return { id, document: { ...document }, enabled: true };
}
