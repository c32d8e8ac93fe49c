import {
  groupsOfOperation,
  type CatalogApi,
  type ClaimedType,
  type Explanation,
  type PolicyRequest,
  type PolicyVerdict,
} from '#core';
import type { SliceCut } from './cut-slices.ts';
import { statefulIsAuthorized } from './engine.ts';
import { explainRequest } from './explain-request.ts';
import { planFor, type LeanPlan } from './lean-plan.ts';
import { leanRequest, type LeanRequest } from './lean-request.ts';
import { canMatchAction } from './policy-scope.ts';
import type { PolicyTexts, PreparsedSlots } from './preparsed-slots.ts';
import type { ReadPolicy } from './read-policy.ts';
import { RecentVerdicts } from './recent-verdicts.ts';
import { referencesOf, touches } from './references.ts';

export const DENIED: PolicyVerdict = Object.freeze({ effect: 'deny', determining: [], failed: false });
export const FAILED: PolicyVerdict = Object.freeze({ effect: 'deny', determining: [], failed: true });

/**
 * The policies that can match a request for some operations of one API. Cedar's cost grows with each policy in a set,
 * whether it matches or not, and with each attribute in a request.
 */
export class PolicySlice {
  private readonly policies: readonly ReadPolicy[];
  private readonly api: CatalogApi;
  private readonly texts: PolicyTexts;
  private readonly plan: LeanPlan;
  private readonly recent = new RecentVerdicts();
  /** Paths of the context that policies look at, by operation. */
  private readonly contexts = new Map<string, ReadonlySet<string>>();

  constructor(
    { api, policies }: SliceCut,
    claimed: Readonly<Record<string, ClaimedType>>,
    private readonly slots: PreparsedSlots,
  ) {
    this.api = api;
    this.policies = policies;
    this.texts = Object.fromEntries(policies.map(({ source }) => [source.id, source.cedar]));
    this.plan = planFor(referencesOf(policies.map(({ json }) => json)), api, claimed);
  }

  /** Parses the policies now, so that the first request need not wait for it. */
  prepare(): void {
    if (this.policies.length > 0) this.slots.idOf(this.texts);
  }

  /** Fails  Error when the engine does not answer */
  evaluate(request: PolicyRequest): PolicyVerdict {
    if (this.policies.length === 0) return DENIED;
    const lean = leanRequest(this.plan, request);
    if (!this.plan.recurs) return this.ask(lean);
    const key = JSON.stringify(lean);
    const known = this.recent.get(key);
    if (known !== null) return known;
    const verdict = this.ask(lean);
    if (!verdict.failed) this.recent.remember(key, verdict);
    return verdict;
  }

  /**
   * In     verdict  what this slice answered to the request
   * Fails  Error when the engine does not answer
   */
  explain(request: PolicyRequest, verdict: PolicyVerdict): Explanation {
    return explainRequest(this.fitting(request.action), leanRequest(this.plan, request), verdict);
  }

  /** Does a policy that can match this operation look at this path of the context? */
  refersTo(operationId: string, path: string): boolean {
    const known = this.contexts.get(operationId);
    const context = known ?? referencesOf(this.fitting(operationId).map(({ json }) => json)).context;
    if (known === undefined) this.contexts.set(operationId, context);
    return touches(context, path);
  }

  private fitting(operationId: string): readonly ReadPolicy[] {
    const operation = this.api.operations.find(({ id }) => id === operationId);
    const groups = operation === undefined ? [] : groupsOfOperation(this.api.id, operation);
    return this.policies.filter(({ scope }) => canMatchAction(scope.actions, operationId, groups));
  }

  private ask(lean: LeanRequest): PolicyVerdict {
    const answer = statefulIsAuthorized({ preparsedPolicySetId: this.slots.idOf(this.texts), ...lean });
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
