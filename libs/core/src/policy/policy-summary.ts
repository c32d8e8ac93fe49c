/** What a policy is about, without its text: for coverage, reports and explanations. */
export interface PolicySummary {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** Catalog operation ids that its scope can match, sorted; its conditions may narrow that further. */
  readonly operations: readonly string[];
  /** Of its annotations; null when it has none. */
  readonly name: string | null;
  readonly description: string | null;
  readonly owner: string | null;
}
