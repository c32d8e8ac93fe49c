import {
  compileCatalog,
  type Catalog,
  type ClaimedType,
  type Explanation,
  type ExplainingRelease,
  type Obligations,
  type PolicyRequest,
  type PolicySummary,
  type PolicyVerdict,
  type ReleaseDocument,
} from '#core';
import { cutSlices } from './cut-slices.ts';
import { DENIED, FAILED, PolicySlice } from './policy-slice.ts';
import type { PreparsedSlots } from './preparsed-slots.ts';
import type { ReadPolicy } from './read-policy.ts';
import type { Steps } from './steps.ts';
import { summarizePolicy } from './summarize-policy.ts';

/**
 * A release of policies without problems, cut into slices: one per API, or more where it has many policies. One that is
 * not prepared yet decides the same, and the first to ask waits for it.
 */
export class CedarRelease implements ExplainingRelease {
  readonly catalog: Catalog;
  readonly claimed: Readonly<Record<string, ClaimedType>>;
  readonly policies: readonly PolicySummary[];
  /** By operation id. */
  private readonly slices = new Map<string, { readonly api: string; readonly slice: PolicySlice }>();
  private readonly obligations: ReadonlyMap<string, Obligations>;
  /** Paths of the context that each policy looks at. */
  private readonly contexts: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(
    readonly number: number,
    { document: { apis, claimed }, policies }: { document: ReleaseDocument; policies: readonly ReadPolicy[] },
    slots: PreparsedSlots,
  ) {
    this.catalog = compileCatalog(apis);
    this.claimed = claimed;
    this.obligations = new Map(policies.map(({ source, obligations }) => [source.id, obligations]));
    this.contexts = new Map(policies.map(({ source, references }) => [source.id, references.context]));
    this.policies = policies
      .map((policy) => summarizePolicy(policy, apis))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const cuts = apis.flatMap((api) => cutSlices(policies, api));
    slots.reserve(cuts.length);
    for (const cut of cuts) {
      const slice = new PolicySlice(cut, claimed, slots);
      for (const { id } of cut.api.operations) this.slices.set(id, { api: cut.api.id, slice });
    }
  }

  /** Parses each slice. */
  *prepare(): Steps<void> {
    for (const slice of new Set([...this.slices.values()].map((one) => one.slice))) {
      slice.prepare();
      yield;
    }
  }

  /**
   * Total: an operation that is not the API's is denied; a question that Cedar cannot evaluate, or that is not of its
   * declared types, is denied as failed. Claimed attributes that this release does not know are not looked at.
   */
  evaluate(request: PolicyRequest): PolicyVerdict {
    const slice = this.sliceFor(request);
    if (slice === null) return DENIED;
    if (!this.isWellTyped(request)) return FAILED;
    try {
      return slice.evaluate(request);
    } catch {
      // Whatever the engine threw, the caller's only safe answer is the same; `failed` tells the audit log.
      return FAILED;
    }
  }

  /**
   * Why `evaluate` answers as it does. A question that no policy is asked, because its operation is not the API's or
   * it is not of its declared types, has no policy to explain it.
   *
   * Fails  Error when the engine does not answer
   */
  explain(request: PolicyRequest): Explanation {
    const slice = this.sliceFor(request);
    if (slice === null || !this.isWellTyped(request)) return { applied: [], almost: [] };
    return slice.explain(request, this.evaluate(request));
  }

  /** Fails  Error when the release has no such policy */
  obligationsOf(policyId: string): Obligations {
    const obligations = this.obligations.get(policyId);
    if (obligations === undefined) throw new Error(`release ${this.number} has no policy ${policyId}`);
    return obligations;
  }

  refersTo(operationId: string, path: string): boolean {
    return this.slices.get(operationId)?.slice.refersTo(operationId, path) ?? false;
  }

  speaksOf(policyId: string, record: string): boolean {
    const paths = this.contexts.get(policyId);
    return paths !== undefined && [...paths].some((path) => path === record || path.startsWith(`${record}.`));
  }

  private sliceFor({ action, resource }: PolicyRequest): PolicySlice | null {
    const found = this.slices.get(action);
    return found?.api === resource ? found.slice : null;
  }

  private isWellTyped({ principal, context: { claimed } }: PolicyRequest): boolean {
    if (principal.issuer.includes('|')) return false;
    return Object.entries(claimed).every(([name, value]) => {
      if (!Object.hasOwn(this.claimed, name)) return true;
      switch (this.claimed[name]) {
        case 'String':
          return typeof value === 'string';
        case 'Long':
          return Number.isSafeInteger(value);
        case 'Bool':
          return typeof value === 'boolean';
        case undefined:
          return false;
      }
    });
  }
}
