import type { EpochMs } from '../shared/clock.ts';
import { newTokenId } from '../token/token-id.ts';
import type { AuditEvent, AuditFacts, AuditOutcome, Reason } from './audit-event.ts';
import type { Claim } from './journal.ts';

const MAX_DETAIL_CHARS = 256;

/** What a pipeline has proved so far, and the one event that comes of it. */
export class Trail {
  private readonly facts: AuditFacts = {};
  private readonly claimed: Claim[] = [];
  private written = false;
  private transaction: string | null = null;

  constructor(
    private readonly type: AuditEvent['type'],
    private readonly at: EpochMs,
    /** Opaque to the caller; the audit log finds the event by it. */
    readonly reasonId = newTokenId(at),
  ) {}

  /** Adds facts, and the claims that come with them, to what will be written. */
  saw(facts: AuditFacts, ...claims: readonly (Claim | null)[]): void {
    Object.assign(this.facts, facts);
    for (const claim of claims) if (claim !== null) this.claimed.push(claim);
  }

  belongsTo(txn: string): void {
    this.transaction = txn;
  }

  get claims(): readonly Claim[] {
    return this.claimed;
  }

  /** From here on the event is written, or its writing has failed: nobody may write another. */
  close(): void {
    this.written = true;
  }

  get isClosed(): boolean {
    return this.written;
  }

  event(outcome: AuditOutcome, reason: Reason | null, detail: string | null = null): AuditEvent {
    return {
      id: this.reasonId,
      at: this.at,
      type: this.type,
      outcome,
      reason,
      reasonId: this.reasonId,
      txn: this.transaction,
      detail: detail === null ? null : printable(detail),
      ...this.facts,
    };
  }
}

/** One line of at most 256 characters: a detail may quote what a stranger sent. */
function printable(detail: string): string {
  return detail.slice(0, MAX_DETAIL_CHARS).replaceAll(/[^ -~]/g, (char) => {
    const codePoint = char.codePointAt(0) ?? 0;
    return `\\u{${codePoint.toString(16)}}`;
  });
}
