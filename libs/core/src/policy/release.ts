import type { Catalog, CatalogApi } from '../operation/catalog.ts';
import type { Explanation } from './explanation.ts';
import type { Obligations } from './obligations.ts';
import type { ClaimedType, PolicyRequest, PolicyVerdict } from './policy-request.ts';
import type { PolicySummary } from './policy-summary.ts';
import type { PolicyTest } from './policy-test.ts';

/** A policy as it is written: exactly one Cedar policy per id. */
export interface PolicySource {
  readonly id: string;
  readonly cedar: string;
}

/** All that decisions depend on, as stored: immutable once published. */
export interface ReleaseDocument {
  readonly policies: readonly PolicySource[];
  readonly apis: readonly CatalogApi[];
  /** Attributes that `request_context` may carry, and their types. */
  readonly claimed: Readonly<Record<string, ClaimedType>>;
  /** No decision depends on them; whether the release may be published does. */
  readonly tests?: readonly PolicyTest[];
}

/** A release made ready to decide. */
export interface LiveRelease {
  readonly number: number;
  readonly catalog: Catalog;
  readonly claimed: Readonly<Record<string, ClaimedType>>;
  /** Sorted by id. */
  readonly policies: readonly PolicySummary[];
  evaluate(request: PolicyRequest): PolicyVerdict;
  obligationsOf(policyId: string): Obligations;
  /** Does a policy that can match this operation look at this path of the context, or at the record that holds it? */
  refersTo(operationId: string, path: string): boolean;
  /** Does this policy name this record of the context, or a member of it? One that takes the context whole does not. */
  speaksOf(policyId: string, record: string): boolean;
}

/** A release that can say why it answers as it does: for simulation, not for the way of a request. */
export interface ExplainingRelease extends LiveRelease {
  /** Agrees with `evaluate`. */
  explain(request: PolicyRequest): Explanation;
}

/** What is wrong with a policy, and where. Lines and columns count from 1. */
export interface PolicyProblem {
  readonly policy: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly suggestion: string | null;
}

export type CompiledRelease = { release: ExplainingRelease } | { problems: readonly PolicyProblem[] };

export interface PolicyCompiler {
  /** Validates and compiles. Everything that can be wrong is found here; evaluating is then total. */
  compile(number: number, document: ReleaseDocument): CompiledRelease;
}

/** For a process that serves meanwhile. */
export interface BackgroundPolicyCompiler {
  /** As `compile`, and gives way to other work in between. One release at a time. */
  compileInTurns(number: number, document: ReleaseDocument): Promise<CompiledRelease>;
}
