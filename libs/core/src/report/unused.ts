import type { Usage } from '../administration/stored.ts';
import type { PolicySummary } from '../policy/policy-summary.ts';
import type { EpochMs } from '../shared/clock.ts';

export interface Unused {
  readonly id: string;
  /** Null: never, as far as the audit log goes back. */
  readonly lastUsedAt: EpochMs | null;
}

/** What was not used since some time. In each list the never used first, then the longest unused. */
export interface UnusedReport {
  readonly since: EpochMs;
  /** Permits only: a forbid that nobody runs into does its work. */
  readonly policies: readonly Unused[];
  readonly operations: readonly Unused[];
  /** `issuer|subject` of those who were permitted something before, but nothing since. */
  readonly subjects: readonly Unused[];
}

export interface UsageInput {
  readonly policies: readonly Pick<PolicySummary, 'id' | 'effect'>[];
  /** Catalog operation ids. */
  readonly operations: readonly string[];
  readonly usage: Pick<Usage, 'policies' | 'operations' | 'subjects'>;
  readonly since: EpochMs;
}

/** Rights that nobody has needed: the candidates for going away. */
export function unusedReport({ policies, operations, usage, since }: UsageInput): UnusedReport {
  const permits = policies.filter(({ effect }) => effect === 'permit').map(({ id }) => id);
  const unusedOf = (ids: Iterable<string>, used: ReadonlyMap<string, EpochMs>): readonly Unused[] =>
    [...ids]
      .map((id) => ({ id, lastUsedAt: used.get(id) ?? null }))
      .filter(({ lastUsedAt }) => lastUsedAt === null || lastUsedAt < since)
      .toSorted(
        (a, b) => (a.lastUsedAt ?? 0) - (b.lastUsedAt ?? 0) || (a.id < b.id ? -1 : Number(a.id > b.id)),
      );
  return {
    since,
    policies: unusedOf(permits, usage.policies),
    operations: unusedOf(operations, usage.operations),
    subjects: unusedOf(usage.subjects.keys(), usage.subjects),
  };
}
