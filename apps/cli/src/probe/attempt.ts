/** What became of a request: it reached the API, it was turned away, or nobody could say. */
export type Outcome = 'in' | 'refused' | 'undecided';

/** What the broker was asked about a token, as its audit log has it. */
export interface Heard {
  /** `spent`, `repeated` or `inactive`. */
  readonly outcome: string;
  /** Such as `token.wrong_uri`; empty where it was spent. */
  readonly reason: string;
}

/** One request that was sent to the gateway. */
export interface Attempt {
  /** What was other than right about it. */
  readonly says: string;
  readonly status: number;
  readonly outcome: Outcome;
  /** Because of this request; empty when the broker was not asked. */
  readonly heard: readonly Heard[];
}

const REFUSED: ReadonlySet<number> = new Set([400, 401, 403, 405]);

/** What the API answers means nothing here: 404 is what there is at the probe's path. */
export function outcomeOf(status: number): Outcome {
  if (REFUSED.has(status)) return 'refused';
  return status >= 500 ? 'undecided' : 'in';
}

/** `401, the broker was not asked`, or what it said. */
export function describeAttempt({ status, heard }: Attempt): string {
  if (heard.length === 0) return `${status}, the broker was not asked`;
  const said = heard.map(({ outcome, reason }) => reason || outcome).join(', ');
  return `${status}, the broker said ${said}`;
}
