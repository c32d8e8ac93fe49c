import {
  AdminProblem,
  detailsOfDocument,
  problemOfName,
  type AdminCaller,
  type CutOffChange,
  type DocumentProblem,
  type RevokedName,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { keptAnswer } from '../calls/answer-resource.ts';
import { changeAnswer } from '../calls/change-answer.ts';
import { digestOf } from '../calls/digest-of.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import type { CreateCall } from '../registrations/registration-call.ts';
import { renderRevocation } from './render-revocation.ts';
import type { RevokedNameDto } from './revocation.dto.ts';

/** Who is revoked by admins, and on whose behalf nothing is. */
@Injectable()
export class Revocations {
  constructor(@Inject(ADMIN_STORE) private readonly store: AdminStore) {}

  /** Fails  admin.invalid | admin.own_rights | admin.not_found when there is nothing to lift; Unavailable */
  async change(
    { caller, idempotency, reply }: CreateCall & { reply: FastifyReply },
    { issuer, subject: named }: RevokedNameDto,
    change: CutOffChange['is'],
  ): Promise<void> {
    const subject = named ?? null;
    const name: RevokedName = { issuer, subject };
    const problem = problemOfName(name) ?? (await this.problemOfIssuer(name));
    if (problem !== null) throw new AdminProblem('admin.invalid', detailsOfDocument([problem]));
    const target = `revocations/${subject === null ? issuer : `${issuer}|${subject}`}`;
    await changeAnswer({ store: this.store, reply }, { caller, idempotency, target }, async (transaction) => {
      if (change === 'block') demandAnother(caller, name);
      const answer = renderRevocation(await transaction.revoke(name, change));
      const act = { operation: caller.question.action, target, before: null, after: digestOf({ change }) };
      return { acts: [act], answer: keptAnswer({ body: answer }) };
    });
  }

  /** An identity provider has a registration, and rules that keep admins from being shut out with it. */
  private async problemOfIssuer({ issuer, subject }: RevokedName): Promise<DocumentProblem | null> {
    if (subject !== null) return null;
    const query = { limit: 1, after: null, filter: { issuer } };
    const { items } = await this.store.list('identity_provider', query);
    return items.length === 0
      ? null
      : { pointer: '#/subject', message: 'is missing; to revoke a whole identity provider, disable it' };
  }
}

/** Whoever blocked themselves could not lift it. Fails  admin.own_rights */
function demandAnother(caller: AdminCaller, { issuer, subject }: RevokedName): void {
  if (issuer === caller.issuer && subject === caller.subject) throw new AdminProblem('admin.own_rights');
}
