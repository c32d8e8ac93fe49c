import type { EpochMs } from '../shared/clock.ts';
import { judge, JUDGED_REASONS } from './judge.ts';
import type { Obligations } from './obligations.ts';
import type { PolicyRequest } from './policy-request.ts';
import type { LiveRelease } from './release.ts';

/** A decision as the audit log has it. */
export interface RecordedDecision {
  readonly reasonId: string;
  readonly at: EpochMs;
  readonly question: PolicyRequest;
  readonly decision: 'permit' | 'deny';
  /** Null for a permit. */
  readonly reason: string | null;
  /** Those that decided. */
  readonly policies: readonly string[];
  /** What the permit demanded, where that is on record. */
  readonly obligations?: Obligations;
}

/** Decisions that change in the same way, for the same subject and operation. */
export interface ReplayGroup {
  /** Newly allowed: those that permit now. Newly denied: those that permitted before. */
  readonly policies: readonly string[];
  readonly operation: string;
  readonly subject: { readonly issuer: string; readonly subject: string };
  readonly count: number;
  /** Reason ids of at most three of them. */
  readonly examples: readonly string[];
  /** Newly allowed: why it was refused before. Newly denied: why it is refused now. */
  readonly reason: string | null;
}

/** What would have been decided otherwise. */
export interface ReplayReport {
  /** The dangerous list first. Both have the largest groups first. */
  readonly newlyAllowed: readonly ReplayGroup[];
  readonly newlyDenied: readonly ReplayGroup[];
  readonly unchanged: number;
  /** Of the unchanged permits, those that would demand something else; counted where obligations are on record. */
  readonly changedObligations: number;
  /** Decided again. */
  readonly considered: number;
  /** Not decided again, because it was not the policies that refused them. */
  readonly skipped: number;
}

export interface Replay {
  add(decision: RecordedDecision): void;
  report(): ReplayReport;
}

/** Decides all that was recorded again, on `release`. */
export function replay(release: LiveRelease, recorded: Iterable<RecordedDecision>): ReplayReport {
  const started = startReplay(release);
  for (const decision of recorded) started.add(decision);
  return started.report();
}

/**
 * As `replay`, fed one decision at a time. The recorded question is put as it is: an operation that is no longer in
 * the catalog is denied, one whose path has changed is not looked for under its new path.
 */
export function startReplay(release: LiveRelease): Replay {
  const operations = new Set(
    release.catalog.apis.flatMap((api) => api.operations.map(({ id }) => nameOf(api.id, id))),
  );
  const allowed = new Groups();
  const denied = new Groups();
  const counts = { unchanged: 0, changedObligations: 0, considered: 0, skipped: 0 };

  const add = (recorded: RecordedDecision): void => {
    if (!wasJudged(recorded)) {
      counts.skipped++;
      return;
    }
    counts.considered++;
    const { question, decision, reason, policies, obligations } = recorded;
    const now = judge(release, question);
    if (now.decision !== decision) {
      if (now.decision === 'permit') allowed.add(recorded, { policies: now.policies, reason });
      else {
        const isKnown = operations.has(nameOf(question.resource, question.action));
        denied.add(recorded, { policies, reason: isKnown ? now.reason : 'operation.not_in_catalog' });
      }
      return;
    }
    counts.unchanged++;
    if (decision === 'permit' && obligations !== undefined && !areSame(obligations, now.obligations))
      counts.changedObligations++;
  };
  return {
    add,
    report: () => ({ newlyAllowed: allowed.sorted(), newlyDenied: denied.sorted(), ...counts }),
  };
}

/** A token that was refused for another reason tells nothing about what the policies said. */
function wasJudged({ decision, reason }: RecordedDecision): boolean {
  return decision === 'permit' || JUDGED_REASONS.some((judged) => judged === reason);
}

const MAX_EXAMPLES = 3;

type Change = Pick<ReplayGroup, 'policies' | 'reason'>;

class Groups {
  private readonly byKey = new Map<string, ReplayGroup>();

  add({ reasonId, question }: RecordedDecision, { policies, reason }: Change): void {
    const operation = question.action;
    const { issuer, subject } = question.principal;
    const key = JSON.stringify([policies, operation, issuer, subject, reason]);
    const { count, examples } = this.byKey.get(key) ?? { count: 0, examples: [] };
    this.byKey.set(key, {
      policies,
      operation,
      subject: { issuer, subject },
      count: count + 1,
      examples: examples.length < MAX_EXAMPLES ? [...examples, reasonId] : examples,
      reason,
    });
  }

  /** Largest first; equal ones in the order of their keys, so that a report does not depend on the order of events. */
  sorted(): readonly ReplayGroup[] {
    return [...this.byKey]
      .toSorted(([keyA, a], [keyB, b]) => b.count - a.count || (keyA < keyB ? -1 : 1))
      .map(([, group]) => group);
  }
}

function nameOf(api: string, operation: string): string {
  return `${api} ${operation}`;
}

/** Members in another order demand the same. */
function areSame(a: Obligations, b: Obligations): boolean {
  const text = (one: Obligations): string =>
    JSON.stringify(Object.entries(one).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}
