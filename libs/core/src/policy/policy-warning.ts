/** What the linter looks for, by name. */
export type LintRule =
  | 'permits-everybody'
  | 'unscoped-action'
  | 'unscoped-resource'
  | 'can-never-match'
  | 'shadowed-by-forbid'
  | 'missing-test'
  | 'missing-negative-test'
  | 'like-crosses-slash'
  | 'broad-like';

/** Something about a policy that is allowed, and that its author may not have meant. Lines and columns count from 1. */
export interface PolicyWarning {
  readonly policy: string;
  readonly rule: LintRule;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}
