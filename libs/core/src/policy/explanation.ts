/** A policy that matched a question. */
export interface AppliedPolicy {
  readonly policy: string;
  readonly effect: 'permit' | 'forbid';
  /** It is why the answer is what it is. A permit that a forbid outweighs is not, nor is any policy where one failed. */
  readonly determining: boolean;
}

/** A policy whose action and resource fit a question, and something else did not. */
export interface AlmostPolicy {
  readonly policy: string;
  readonly effect: 'permit' | 'forbid';
  /**
   * What would have to hold, as Cedar text, never empty: `principal in Group::"support"`, a condition, or
   * `unless { ... }` for a condition that must not hold. ` (absent)` follows what reads an attribute that is not there,
   * ` (cannot be evaluated)` what fails otherwise.
   */
  readonly missing: readonly string[];
}

/** Why the policies answered a question as they did. */
export interface Explanation {
  /** Sorted by policy. */
  readonly applied: readonly AppliedPolicy[];
  /** Those that lack least come first, permits before forbids; at most `EXPLANATION_CAP`. */
  readonly almost: readonly AlmostPolicy[];
}

export const EXPLANATION_CAP = 20;
