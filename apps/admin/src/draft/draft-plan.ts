import {
  AdminProblem,
  detailsOfDocument,
  diffReleases,
  readReleaseDocument,
  runPolicyTests,
  type AdminStore,
  type ReleaseDocument,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import { POLICY_TOOLS, type PolicyTools } from '../policy/policy-tools.ts';
import { ADMIN_STORE } from '../ports.ts';
import { Standing } from '../reports/standing.ts';
import { REPLAY_LIMIT, type PlanDto } from './questions.dto.ts';
import { renderTests } from './render-reports.ts';
import { renderFindings } from './rendered.ts';
import { readRange, replayRange, type TimeRange } from './replay-range.ts';

/** What would change, were a document what is live. Nothing is written, the draft neither. */
@Injectable()
export class DraftPlan {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
    @Inject(Standing) private readonly standing: Standing,
  ) {}

  /** Fails  AdminProblem admin.invalid when it is no release document; what is wrong in it is answered */
  async of(body: PlanDto): Promise<object> {
    const range = body.replay === undefined ? null : readRange(body.replay, '#/replay');
    const read = readReleaseDocument(body.document);
    if ('problems' in read) {
      throw new AdminProblem('admin.invalid', detailsOfDocument(read.problems, '#/document'));
    }
    const { document } = read;
    const live = await this.store.release('live');
    const compiled = this.tools.compile(0, document);
    const warnings = this.tools.lint(document);
    const registrations = await this.standing.registrations();
    const before = this.standing.reportOn(registrations, await this.standing.livePolicies());
    const diff = diffReleases(live?.document ?? null, document);
    if ('problems' in compiled) {
      const findings = renderFindings(compiled.problems, warnings);
      return { diff, ...findings, tests: null, replay: null, standing: { before, after: null } };
    }
    const { release } = compiled;
    return {
      diff,
      ...renderFindings([], warnings),
      tests: renderTests(runPolicyTests(release, document.tests)),
      replay: range === null ? null : await replayRange(this.store, release, atMost(range)),
      standing: { before, after: this.after(document, registrations) },
    };
  }

  private after(document: ReleaseDocument, registrations: Parameters<Standing['reportOn']>[0]): object {
    return this.standing.reportOn(registrations, this.standing.policiesOf(document));
  }
}

function atMost(range: TimeRange): TimeRange & { atMost: number } {
  return { ...range, atMost: REPLAY_LIMIT.default };
}
