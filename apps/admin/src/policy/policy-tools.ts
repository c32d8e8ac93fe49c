import type { CompiledRelease, PolicyProblem, PolicySource, PolicyWarning, ReleaseDocument } from '#core';

/** How wide a policy is. */
interface PolicyFacts {
  readonly permitsEverybody: boolean;
  readonly unscopedAction: boolean;
  readonly isBreakGlass: boolean;
}

/** What a policy says of itself. */
interface PolicyDescription {
  readonly effect: 'permit' | 'forbid';
  readonly name: string | null;
  readonly description: string | null;
  readonly owner: string | null;
}

interface PolicyUse {
  /** Operations that it permitted. */
  readonly operations: readonly string[];
  /** Operations that it can match. */
  readonly matchable: readonly string[];
}

/** Everything that administration asks of the policy language. Pure; what costs more than a moment says so. */
export interface PolicyTools {
  /** Validates and compiles, with the admin API in the catalog: milliseconds per policy. */
  compile(number: number, document: ReleaseDocument): CompiledRelease;
  lint(document: ReleaseDocument): readonly PolicyWarning[];
  format(
    cedar: string,
  ): { readonly cedar: string } | { readonly problems: readonly Omit<PolicyProblem, 'policy'>[] };
  /** Null when the text is no policy. */
  describe(policy: PolicySource): PolicyDescription | null;
  /** Null when the text is no policy. */
  facts(cedar: string): PolicyFacts | null;
  /** Null when there is nothing to narrow. */
  narrow(cedar: string, use: PolicyUse): { readonly cedar: string } | null;
  /** Can it match a request to the admin API? In doubt, yes. */
  touchesAdmin(cedar: string): boolean;
}

export const POLICY_TOOLS = Symbol('PolicyTools');
