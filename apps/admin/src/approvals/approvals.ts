import {
  AdminProblem,
  groupsOfApprover,
  groupsToDecideFor,
  hasPartIn,
  operationHash,
  type AdminCaller,
  type AdminTransaction,
  type ListQuery,
  type Page,
  type StoredDeferral,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import { keptAnswer } from '../calls/answer-resource.ts';
import type { Changed } from '../calls/change-answer.ts';
import { ADMIN_STORE, type AdminStore } from '../ports.ts';
import { renderApproval } from './render-approval.ts';

/** What waits for an approval, as far as it concerns one caller. */
@Injectable()
export class Approvals {
  constructor(@Inject(ADMIN_STORE) private readonly store: AdminStore) {}

  /** What the caller may decide. */
  async list(caller: AdminCaller, { limit, after }: ListQuery): Promise<Page<StoredDeferral>> {
    const { issuer, subject } = caller;
    const by = { issuer, subject };
    const page = await this.store.approvals({ groups: groupsOfApprover(caller), by, limit, after });
    const items = page.items.filter((one) => !hasPartIn(one, { iss: issuer, sub: subject }));
    return { ...page, items };
  }

  /** Fails  admin.not_found, also for whoever is in none of its groups */
  async read(caller: AdminCaller, id: string): Promise<StoredDeferral> {
    const found = await this.find(id);
    const own = groupsOfApprover(caller);
    if (!found.approvers.some((group) => own.includes(group))) throw new AdminProblem('admin.not_found');
    return found;
  }

  /** Fails  admin.not_found */
  async find(id: string): Promise<StoredDeferral> {
    const found = await this.store.approval(id);
    if (found === null) throw new AdminProblem('admin.not_found');
    return found;
  }

  /**
   * Approves for the caller's groups, or denies. `shown`: the operation's hash, as the caller saw it; null where it does
   * not matter.
   *
   * Fails  admin.own_approval | admin.not_approver | admin.invalid | admin.approval_closed
   */
  async decide(
    transaction: Pick<AdminTransaction, 'decideApproval'>,
    { caller, deferral, shown }: { caller: AdminCaller; deferral: StoredDeferral; shown: string | null },
  ): Promise<Changed> {
    const { id, request } = deferral;
    const groups = groupsToDecideFor(deferral, caller);
    const hash = operationHash(request.operation);
    if (shown !== null && shown !== hash) {
      throw new AdminProblem('admin.invalid', [
        { detail: 'is not the hash of what waits', pointer: '#/operation_hash' },
      ]);
    }
    const decided = await transaction.decideApproval(
      id,
      shown === null ? { is: 'deny' } : { is: 'approve', groups },
    );
    if (decided === null) throw new AdminProblem('admin.approval_closed');
    const act = { operation: caller.question.action, target: `approvals/${id}`, before: hash, after: hash };
    return { acts: [act], answer: keptAnswer({ body: renderApproval(decided) }) };
  }
}
