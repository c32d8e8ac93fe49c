import {
  ADMIN_PREFIX,
  AdminProblem,
  detailsOfDocument,
  type AdminTransaction,
  type JsonObject,
  type StoredResource,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { answerResource, keptAnswer } from '../calls/answer-resource.ts';
import { changeAnswer, type Changed } from '../calls/change-answer.ts';
import { digestOf } from '../calls/digest-of.ts';
import { readListQuery } from '../calls/list-query.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import { documentOf } from './document-of.ts';
import type { ChangeCall, CreateCall } from './registration-call.ts';
import type { RegistrationChange, RegistrationKind } from './registration-kind.ts';

type Reply = { readonly reply: FastifyReply };

type Work = (transaction: AdminTransaction) => Promise<Changed>;

/** List, create, read, replace and delete, the same for every kind of registration. */
@Injectable()
export class Registrations {
  constructor(@Inject(ADMIN_STORE) private readonly store: AdminStore) {}

  async list(of: RegistrationKind, reply: FastifyReply): Promise<void> {
    const { items, next } = await this.store.list(of.kind, readListQuery(reply.request, of.filters));
    answerResource(reply, { body: { items: items.map(representationOf), next } });
  }

  async read(of: RegistrationKind, id: string, reply: FastifyReply): Promise<void> {
    const found = await this.found(of, id);
    answerResource(reply, { body: representationOf(found), version: found.version });
  }

  async create(of: RegistrationKind, call: CreateCall & Reply, body: object): Promise<void> {
    const { document, enabled } = documentOf(body);
    const id = idOf(of, document);
    demandSound(of, document);
    const change = { caller: call.caller, id, before: null, after: document, enabled };
    await this.change(of, { ...call, change }, async (transaction) => {
      const stored = await transaction.create(of.kind, { id, document, enabled });
      const location = `${ADMIN_PREFIX}/${of.path}/${encodeURIComponent(id)}`;
      return done(of, change, { stored, status: 201, location });
    });
  }

  async replace(of: RegistrationKind, call: ChangeCall & Reply, body: object): Promise<void> {
    const { id, version } = call;
    const { document, enabled } = documentOf(body);
    if (idOf(of, document) !== id) {
      throw invalid(of, 'must be the id that the path names: a resource keeps its name');
    }
    demandSound(of, document);
    const before = await this.current(of, id, version);
    const change = { caller: call.caller, id, before, after: document, enabled };
    await this.change(of, { ...call, idempotency: null, change }, async (transaction) =>
      done(of, change, {
        stored: await transaction.replace(of.kind, { id, document, enabled }, version),
        status: 200,
      }),
    );
  }

  async remove(of: RegistrationKind, call: ChangeCall & Reply): Promise<void> {
    const { id, version, caller } = call;
    const before = await this.current(of, id, version);
    const change = { caller, id, before, after: null, enabled: false };
    await this.change(of, { ...call, idempotency: null, change }, async (transaction) => {
      await transaction.remove(of.kind, id, version);
      return done(of, change, null);
    });
  }

  private async change(
    of: RegistrationKind,
    call: CreateCall & Reply & { change: RegistrationChange },
    work: Work,
  ): Promise<void> {
    const { change, caller, idempotency, reply } = call;
    await of.examine?.(change);
    const target = targetOf(of, change.id);
    await changeAnswer({ store: this.store, reply }, { caller, idempotency, target }, async (transaction) => {
      const changed = await work(transaction);
      await of.settle?.(transaction, change);
      return changed;
    });
  }

  private async found(of: RegistrationKind, id: string): Promise<StoredResource> {
    const found = await this.store.read(of.kind, id);
    if (found === null) throw new AdminProblem('admin.not_found');
    return found;
  }

  /** The document of this very version: no other resource ever has the same one. */
  private async current(of: RegistrationKind, id: string, version: string): Promise<JsonObject> {
    const found = await this.found(of, id);
    if (found.version !== version) throw new AdminProblem('admin.precondition_failed');
    return found.document;
  }
}

function done(
  of: RegistrationKind,
  { caller, id, before, after }: RegistrationChange,
  made: { stored: StoredResource; status: number; location?: string } | null,
): Changed {
  const act = {
    operation: caller.question.action,
    target: targetOf(of, id),
    before: before === null ? null : digestOf(before),
    after: after === null ? null : digestOf(after),
  };
  if (made === null) return { acts: [act], answer: keptAnswer({ status: 204, body: null }) };
  const { stored, ...answer } = made;
  return {
    acts: [act],
    answer: keptAnswer({ ...answer, body: representationOf(stored), version: stored.version }),
  };
}

function representationOf({ document, enabled, updatedAt, updatedBy }: StoredResource): object {
  return { ...document, enabled, updated_at: new Date(updatedAt).toISOString(), updated_by: updatedBy };
}

function targetOf(of: RegistrationKind, id: string): string {
  return `${of.path}/${id}`;
}

/** The name under which a path finds it again: no path has a slash in one of its segments. */
function idOf(of: RegistrationKind, document: JsonObject): string {
  const id = document[of.idMember];
  if (typeof id !== 'string' || id === '') throw invalid(of, 'must be a string that is not empty');
  if (/[/\\]/.test(id) || id === '.' || id === '..') throw invalid(of, 'must not be or have parts of a path');
  return id;
}

function demandSound(of: RegistrationKind, document: JsonObject): void {
  const problems = of.problemsOf(document);
  if (problems.length > 0) throw new AdminProblem('admin.invalid', detailsOfDocument(problems));
}

function invalid(of: RegistrationKind, detail: string): AdminProblem {
  return new AdminProblem('admin.invalid', [{ detail, pointer: `#/${of.idMember}` }]);
}
