import {
  ADMIN_RIGHTS,
  AdminProblem,
  changesGuarded,
  judge,
  rightQuestion,
  type AdminCaller,
  type AdminRight,
  type AdminTransaction,
  type FullRelease,
  type LiveRelease,
  type ReleaseDocument,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import { LivePolicies } from './live-policies.ts';
import { POLICY_TOOLS, type PolicyTools } from './policy-tools.ts';

/** Whether one caller has a right. */
export interface RightsOfCaller {
  has(right: AdminRight): Promise<boolean>;
  /** Fails  AdminProblem admin.forbidden, which names the right */
  demand(right: AdminRight): Promise<void>;
}

type Policies = Pick<ReleaseDocument, 'policies'>;

/**
 * Rights that an act needs beside the operation of its call. The live policies decide, on the question that the
 * caller's token was earned with: nothing that a draft says counts before it is published.
 *
 * What is live is read by the transaction of the act itself. Under its lock a second connection would be waited for
 * by those who wait for the lock.
 */
@Injectable()
export class Rights {
  constructor(
    @Inject(LivePolicies) private readonly policies: LivePolicies,
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
  ) {}

  of(caller: AdminCaller, live: FullRelease | null): RightsOfCaller {
    const has = async (right: AdminRight): Promise<boolean> =>
      live !== null && permits(this.policies.ofRelease(live), caller, right);
    return {
      has,
      demand: async (right) => {
        if (!(await has(right))) throw new AdminProblem('admin.forbidden', [], { right });
      },
    };
  }

  /**
   * For a change from one set of policies to another: who changes what can match the admin API is its guard.
   *
   * Fails  AdminProblem admin.forbidden
   */
  async demandFor(
    transaction: Pick<AdminTransaction, 'lockLive'>,
    caller: AdminCaller,
    { before, after }: { before: Policies; after: Policies },
  ): Promise<void> {
    const touches = (cedar: string): boolean => this.tools.touchesAdmin(cedar);
    if (!changesGuarded(before, after, touches)) return;
    await this.of(caller, await transaction.lockLive()).demand(ADMIN_RIGHTS.guard);
  }
}

function permits(release: LiveRelease, { question }: AdminCaller, right: AdminRight): boolean {
  return judge(release, rightQuestion(question, right)).decision === 'permit';
}
