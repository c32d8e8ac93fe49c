import type { ShadowDifference, ShadowReport } from '../administration/stored.ts';
import type { Judgement } from '../policy/judge.ts';
import type { PolicyRequest } from '../policy/policy-request.ts';

/** What is compared: what was decided, and what the shadow decides. */
export type Verdict = Pick<Judgement, 'decision' | 'policies'>;

/** A decision that was given, with the question and the id under which it is on record. */
export interface JudgedQuestion {
  readonly question: PolicyRequest;
  readonly judgement: Verdict;
  readonly reasonId: string;
}

/** Counts what was compared with one shadow. */
export class ShadowTally {
  private compared = 0;
  private skipped = 0;
  private readonly differences = new Map<string, ShadowDifference>();

  skip(count = 1): void {
    this.skipped += count;
  }

  compare({ question, judgement: live, reasonId }: JudgedQuestion, shadow: Verdict): void {
    this.compared++;
    if (live.decision === shadow.decision) return;
    const kind = shadow.decision === 'permit' ? 'newly_allowed' : 'newly_denied';
    // One policy stands for all that permit, so that the counts add up to the decisions that differ.
    const policy = (kind === 'newly_allowed' ? shadow : live).policies[0] ?? '';
    const operation = question.action;
    const key = JSON.stringify([kind, policy, operation]);
    const { count, exampleReasonId } = this.differences.get(key) ?? { count: 0, exampleReasonId: reasonId };
    this.differences.set(key, { kind, policy, operation, count: count + 1, exampleReasonId });
  }

  report(): ShadowReport {
    const { compared, skipped } = this;
    return { compared, skipped, differences: [...this.differences.values()] };
  }
}
