import { AdminProblem, detailsOfPolicies, diffReleases, type FullRelease, type StoredDraft } from '#core';
import { Inject, Injectable } from '@nestjs/common';
import { LivePolicies } from '../policy/live-policies.ts';
import { POLICY_TOOLS, type PolicyTools } from '../policy/policy-tools.ts';
import { renderFindings } from './rendered.ts';

/** The draft as answers have it: what it says, how it differs from what is live, and what is wrong with it. */
@Injectable()
export class DraftView {
  constructor(
    @Inject(LivePolicies) private readonly policies: LivePolicies,
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
  ) {}

  /** `live`: what it is compared with. */
  of(draft: StoredDraft, live: FullRelease | null): object {
    const { document, authors } = draft;
    const compiled = this.policies.ofDraft(draft);
    return {
      document,
      diff: diffReleases(live?.document ?? null, document),
      ...renderFindings('problems' in compiled ? compiled.problems : [], this.tools.lint(document)),
      authors,
    };
  }

  /** For a draft that was written as a whole: all of its problems are its author's. Fails  AdminProblem admin.invalid */
  demandSound(draft: StoredDraft): void {
    const compiled = this.policies.ofDraft(draft);
    if ('problems' in compiled) throw new AdminProblem('admin.invalid', detailsOfPolicies(compiled.problems));
  }
}
