import {
  ADMIN_RIGHTS,
  AdminProblem,
  changesGuarded,
  judge,
  rightQuestion,
  type AdminCaller,
  type AdminRight,
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

/**
 * Rights that an act needs beside the operation of its call. The live policies decide, on the question that the
 * caller's token was earned with: nothing that a draft says counts before it is published.
 */
@Injectable()
export class Rights {
  constructor(
    @Inject(LivePolicies) private readonly policies: LivePolicies,
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
  ) {}

  of(caller: AdminCaller): RightsOfCaller {
    const has = (right: AdminRight): Promise<boolean> => this.has(caller, right);
    return { has, demand: (right) => this.demand(caller, right) };
  }

  async has(caller: AdminCaller, right: AdminRight): Promise<boolean> {
    const live = await this.policies.live();
    return live !== null && permits(live.release, caller, right);
  }

  /** Fails  AdminProblem admin.forbidden */
  async demand(caller: AdminCaller, right: AdminRight): Promise<void> {
    if (!(await this.has(caller, right))) throw new AdminProblem('admin.forbidden', [], { right });
  }

  /**
   * For a change from one set of policies to another: who changes what can match the admin API is its guard.
   *
   * Fails  AdminProblem admin.forbidden
   */
  async demandFor(
    caller: AdminCaller,
    before: Pick<ReleaseDocument, 'policies'>,
    after: Pick<ReleaseDocument, 'policies'>,
  ): Promise<void> {
    const touches = (cedar: string): boolean => this.tools.touchesAdmin(cedar);
    if (changesGuarded(before, after, touches)) await this.demand(caller, ADMIN_RIGHTS.guard);
  }
}

function permits(release: LiveRelease, { question }: AdminCaller, right: AdminRight): boolean {
  return judge(release, rightQuestion(question, right)).decision === 'permit';
}
