import {
  ADMIN_ESSENTIALS,
  AdminProblem,
  holderQuestions,
  keepsAdministration,
  type AdminCaller,
  type AdminTransaction,
  type LiveRelease,
  type RoleBinding,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import type { Lockout } from '../ports.ts';
import { LivePolicies } from './live-policies.ts';

/** Keeps a change from leaving nobody who could undo it. */
@Injectable()
export class PolicyLockout implements Lockout {
  constructor(@Inject(LivePolicies) private readonly policies: LivePolicies) {}

  /**
   * With these bindings instead of the present ones.
   *
   * Fails  AdminProblem admin.lockout
   */
  async check(
    transaction: Pick<AdminTransaction, 'lockLive'>,
    bindings: readonly RoleBinding[],
    caller: AdminCaller,
  ): Promise<void> {
    const live = await transaction.lockLive();
    if (live === null || this.isOpen(this.policies.ofRelease(live), bindings, caller)) return;
    throw new AdminProblem('admin.lockout');
  }

  /** Would somebody be able to administer, were this release live and these the bindings? */
  isOpen(release: LiveRelease, bindings: readonly RoleBinding[], caller: AdminCaller): boolean {
    return keepsAdministration(release, holderQuestions(bindings, caller.question), ADMIN_ESSENTIALS);
  }
}
