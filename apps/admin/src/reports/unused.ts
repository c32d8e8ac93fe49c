import {
  replay,
  unusedReport,
  type AdminStore,
  type EpochMs,
  type RecordedDecision,
  type Unused,
  type Usage,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import { renderReplay } from '../draft/render-reports.ts';
import { LivePolicies, type LivePolicy } from '../policy/live-policies.ts';
import { POLICY_TOOLS, type PolicyTools } from '../policy/policy-tools.ts';
import { ADMIN_STORE } from '../ports.ts';

/** Each suggestion is compiled and replayed: so many of them, on so many decisions. */
const NARROWING_LIMITS = { policies: 20, decisions: 2000 };

/** Rights that nobody has needed, and how policies could be narrower without anybody noticing. */
@Injectable()
export class UnusedRights {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(LivePolicies) private readonly policies: LivePolicies,
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
  ) {}

  async since(since: EpochMs): Promise<object> {
    const usage = await this.store.usage(since);
    const live = await this.policies.live();
    const { release } = live ?? { release: null };
    const report = unusedReport({
      policies: release?.policies ?? [],
      operations: live?.full.document.apis.flatMap((api) => api.operations.map(({ id }) => id)) ?? [],
      usage,
      since,
    });
    return {
      since: new Date(since).toISOString(),
      policies: report.policies.map(rendered),
      operations: report.operations.map(rendered),
      subjects: report.subjects.map(rendered),
      narrowings: live === null ? [] : await this.narrowings(live, usage, since),
    };
  }

  private async narrowings(live: LivePolicy, usage: Usage, since: EpochMs): Promise<readonly object[]> {
    const suggestions = this.suggestions(live, usage);
    if (suggestions.length === 0) return [];
    const range = { from: since, to: Date.now(), atMost: NARROWING_LIMITS.decisions };
    const { total, sampled } = await this.store.decisions(range);
    const decisions: RecordedDecision[] = [];
    for await (const page of sampled) decisions.push(...page);
    const { document } = live.full;
    return suggestions.map(({ policy, cedar }) => {
      const policies = document.policies.map((one) => (one.id === policy ? { id: policy, cedar } : one));
      const compiled = this.tools.compile(0, { ...document, policies });
      return {
        policy,
        cedar,
        replay: 'release' in compiled ? renderReplay(replay(compiled.release, decisions), total) : null,
      };
    });
  }

  private suggestions(
    { full, release }: LivePolicy,
    { operationsByPolicy }: Usage,
  ): readonly { policy: string; cedar: string }[] {
    const texts = new Map(full.document.policies.map(({ id, cedar }) => [id, cedar]));
    return release.policies
      .filter(({ effect }) => effect === 'permit')
      .flatMap(({ id, operations: matchable }) => {
        const operations = operationsByPolicy.get(id) ?? [];
        const narrowed = this.tools.narrow(texts.get(id) ?? '', { operations, matchable });
        return narrowed === null ? [] : [{ policy: id, cedar: narrowed.cedar }];
      })
      .slice(0, NARROWING_LIMITS.policies);
  }
}

function rendered({ id, lastUsedAt }: Unused): object {
  return { id, last_used: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString() };
}
