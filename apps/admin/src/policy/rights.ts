import {
  AdminProblem,
  judge,
  rightQuestion,
  type AdminCaller,
  type AdminRight,
  type LiveRelease,
} from '#core';
import { Injectable } from '@nestjs/common';
import { LivePolicies } from './live-policies.ts';

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
  constructor(private readonly policies: LivePolicies) {}

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
}

function permits(release: LiveRelease, { question }: AdminCaller, right: AdminRight): boolean {
  return judge(release, rightQuestion(question, right)).decision === 'permit';
}
