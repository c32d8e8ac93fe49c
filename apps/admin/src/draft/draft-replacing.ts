import {
  AdminProblem,
  detailsOfDocument,
  readReleaseDocument,
  type AdminCaller,
  type AdminTransaction,
  type JsonObject,
  type ReleaseDocument,
  type StoredDraft,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { keptAnswer } from '../calls/answer-resource.ts';
import { changeAnswer, type Changed } from '../calls/change-answer.ts';
import { digestOf } from '../calls/digest-of.ts';
import { Rights } from '../policy/rights.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import type { CreateCall } from '../registrations/registration-call.ts';
import { DraftView } from './draft-view.ts';

type Call = CreateCall & { readonly reply: FastifyReply };

const EMPTY: ReleaseDocument = { policies: [], apis: [], claimed: {}, tests: [] };

/** Puts another draft in the place of the one that is there: all of it, or nothing. */
@Injectable()
export class DraftReplacing {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(Rights) private readonly rights: Rights,
    @Inject(DraftView) private readonly view: DraftView,
  ) {}

  async replace(call: Call & { readonly version: string }, body: JsonObject): Promise<void> {
    const document = readDocument(body);
    await this.change(call, async (transaction) => {
      const before = await transaction.lockDraft();
      const after = await transaction.replaceDraft(document, call.version);
      this.view.demandSound(after);
      return this.done(transaction, call.caller, { before, after });
    });
  }

  /** Makes the draft what is live. */
  async reset(call: Call): Promise<void> {
    await this.change(call, async (transaction) => {
      const before = await transaction.lockDraft();
      const live = await transaction.lockLive();
      const after = await transaction.replaceDraft(live?.document ?? EMPTY, before.version);
      return this.done(transaction, call.caller, { before, after });
    });
  }

  private async change(
    { caller, idempotency, reply }: Call,
    work: (transaction: AdminTransaction) => Promise<Changed>,
  ): Promise<void> {
    await changeAnswer({ store: this.store, reply }, { caller, idempotency, target: 'draft' }, work);
  }

  private async done(
    transaction: AdminTransaction,
    caller: AdminCaller,
    { before, after }: { before: StoredDraft; after: StoredDraft },
  ): Promise<Changed> {
    const change = { before: before.document, after: after.document };
    await this.rights.demandFor(transaction, caller, change);
    const act = {
      operation: caller.question.action,
      target: 'draft',
      before: digestOf(before.document),
      after: digestOf(after.document),
    };
    return {
      acts: [act],
      answer: keptAnswer({ body: this.view.of(after, await transaction.lockLive()), version: after.version }),
    };
  }
}

function readDocument(body: JsonObject): ReleaseDocument {
  const read = readReleaseDocument(body);
  if ('document' in read) return read.document;
  throw new AdminProblem('admin.invalid', detailsOfDocument(read.problems));
}
