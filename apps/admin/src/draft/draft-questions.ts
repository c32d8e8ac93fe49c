import {
  AdminProblem,
  detailsOfDocument,
  detailsOfPolicies,
  judge,
  questionOf,
  readHypotheticalRequest,
  readPolicyTest,
  runPolicyTests,
  type AdminStore,
  type ExplainingRelease,
  type JsonObject,
  type PolicyTest,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import { LivePolicies } from '../policy/live-policies.ts';
import { ADMIN_STORE } from '../ports.ts';
import { REPLAY_LIMIT, type Against, type ReplayDto, type TestDto } from './questions.dto.ts';
import { renderSimulation, renderTests } from './render-reports.ts';
import { readRange, replayRange } from './replay-range.ts';

/** Asks the draft, or what is live, without changing anything. */
@Injectable()
export class DraftQuestions {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(LivePolicies) private readonly policies: LivePolicies,
  ) {}

  async test({ tests }: TestDto): Promise<object> {
    const draft = await this.store.draft();
    const given = tests === undefined ? (draft.document.tests ?? []) : readTests(tests);
    return renderTests(runPolicyTests(await this.release('draft'), given));
  }

  async simulate(body: JsonObject): Promise<object> {
    const { against = 'draft', ...request } = body;
    if (against !== 'draft' && against !== 'live') throw invalid('must be draft or live', '#/against');
    const read = readHypotheticalRequest(request);
    if ('problems' in read) throw new AdminProblem('admin.invalid', detailsOfDocument(read.problems));
    const release = await this.release(against);
    const asked = questionOf(read.request, release);
    if ('problem' in asked) throw invalid(asked.problem, '#');
    return renderSimulation(judge(release, asked.question), release.explain(asked.question));
  }

  async replay(body: ReplayDto): Promise<object> {
    const range = { ...readRange(body), atMost: body.limit ?? REPLAY_LIMIT.default };
    return replayRange(this.store, await this.release(body.against ?? 'draft'), range);
  }

  /** Fails  admin.invalid when the draft cannot be asked; admin.not_found when nothing is live */
  private async release(against: Against): Promise<ExplainingRelease> {
    if (against === 'live') {
      const live = await this.policies.live();
      if (live === null) throw new AdminProblem('admin.not_found');
      return live.release;
    }
    const compiled = this.policies.ofDraft(await this.store.draft());
    if ('release' in compiled) return compiled.release;
    throw new AdminProblem('admin.invalid', detailsOfPolicies(compiled.problems));
  }
}

function readTests(values: readonly unknown[]): readonly PolicyTest[] {
  const read = values.map((value) => readPolicyTest(value));
  const faults = read.flatMap((one, at) =>
    'problems' in one ? detailsOfDocument(one.problems, `#/tests/${at}`) : [],
  );
  if (faults.length > 0) throw new AdminProblem('admin.invalid', faults);
  return read.flatMap((one) => ('test' in one ? [one.test] : []));
}

function invalid(detail: string, pointer: string): AdminProblem {
  return new AdminProblem('admin.invalid', [{ detail, pointer }]);
}
