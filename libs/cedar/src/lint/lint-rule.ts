import type { CatalogApi, LintRule, PolicyTest } from '#core';
import type { PolicyHead } from '../policy-head.ts';
import type { ReadPolicy } from '../read-policy.ts';

/** A policy with what the rules ask of it more than once. */
export interface LintedPolicy extends ReadPolicy {
  readonly head: PolicyHead;
  /** Ids of the operations that its scope can match. */
  readonly operations: readonly string[];
}

/** What stands around a policy in its release. */
export interface LintedRelease {
  readonly policies: readonly LintedPolicy[];
  /** With the admin API. */
  readonly apis: readonly CatalogApi[];
  /** Null: the release says nothing about tests. */
  readonly tests: readonly PolicyTest[] | null;
}

export interface Finding {
  readonly rule: LintRule;
  readonly message: string;
  /** Index into the policy's text. */
  readonly at: number;
}

export type Rule = (policy: LintedPolicy, release: LintedRelease) => readonly Finding[];
