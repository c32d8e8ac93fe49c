import type { CatalogApi, ClaimedType, PolicyRequest, PolicyVerdict } from '#core';
import { statefulIsAuthorized } from './engine.ts';
import { planFor, type LeanPlan } from './lean-plan.ts';
import { leanRequest, type LeanRequest } from './lean-request.ts';
import { canMatchApi } from './policy-scope.ts';
import type { PolicyTexts, PreparsedSlots } from './preparsed-slots.ts';
import type { ReadPolicy } from './read-policy.ts';
import { RecentVerdicts } from './recent-verdicts.ts';
import { referencesOf } from './references.ts';

export const DENIED: PolicyVerdict = Object.freeze({ effect: 'deny', determining: [], failed: false });
export const FAILED: PolicyVerdict = Object.freeze({ effect: 'deny', determining: [], failed: true });

/**
 * The policies that can match a request to one API. Cedar's cost grows with each policy in a set, whether it matches
 * or not, and with each attribute in a request.
 */
export class PolicySlice {
  readonly policyIds: readonly string[];
  private readonly texts: PolicyTexts;
  private readonly plan: LeanPlan;
  private readonly recent = new RecentVerdicts();

  constructor(
    {
      policies,
      claimed,
    }: { policies: readonly ReadPolicy[]; claimed: Readonly<Record<string, ClaimedType>> },
    api: CatalogApi,
    private readonly slots: PreparsedSlots,
  ) {
    const mine = policies.filter(({ scope }) => canMatchApi(scope, api));
    this.texts = Object.fromEntries(mine.map(({ source }) => [source.id, source.cedar]));
    this.policyIds = Object.keys(this.texts);
    this.plan = planFor(referencesOf(mine.map(({ json }) => json)), api, claimed);
  }

  /** Parses the policies now, so that the first request need not wait for it. */
  prepare(): void {
    if (this.policyIds.length > 0) this.slots.idOf(this.texts);
  }

  /** Fails  Error when the engine does not answer */
  evaluate(request: PolicyRequest): PolicyVerdict {
    if (this.policyIds.length === 0) return DENIED;
    const lean = leanRequest(this.plan, request);
    if (!this.plan.recurs) return this.ask(lean);
    const key = JSON.stringify(lean);
    const known = this.recent.get(key);
    if (known !== null) return known;
    const verdict = this.ask(lean);
    if (!verdict.failed) this.recent.remember(key, verdict);
    return verdict;
  }

  private ask(lean: LeanRequest): PolicyVerdict {
    const answer = statefulIsAuthorized({ ...lean, preparsedPolicySetId: this.slots.idOf(this.texts) });
    // Cedar skips a policy that fails, a forbid too, and decides without it. That must not permit anything.
    if (answer.type === 'failure' || answer.response.diagnostics.errors.length > 0) return FAILED;
    const { decision, diagnostics } = answer.response;
    return Object.freeze({
      effect: decision === 'allow' ? 'permit' : 'deny',
      determining: Object.freeze(diagnostics.reason.toSorted()),
      failed: false,
    });
  }
}
