import type { RefusalReason } from '../errors/refusals.ts';
import type { EpochMs } from '../shared/clock.ts';
import type { AuditEvent } from './audit-event.ts';

/** Something that may be used once: an assertion's or a proof's id, in the name space of whoever made it. */
export interface Claim {
  readonly kind: 'client_assertion' | 'dpop_proof' | 'identity_assertion' | 'global_revocation';
  /** Client id, thumbprint of the key, or issuer: ids of different owners never meet. */
  readonly owner: string;
  readonly id: string;
  /** From then on the id need not be remembered, because what carries it is dead by its own time. */
  readonly expiresAt: EpochMs;
  /** What a second use is refused with. */
  readonly onReuse: RefusalReason;
}

/** `reused` is the first of the claims that somebody had used before. */
export type ClaimVerdict = { readonly reused: Claim | null };

/** What is to be written about one request, once it is known how its claims were settled. */
export interface JournalEntry<Verdict> {
  readonly claims: readonly Claim[];
  /**
   * Makes the event that is written in the same transaction. Pure: it may be asked for a verdict that does not come
   * about, and again for the one that does.
   */
  describe(verdict: Verdict): AuditEvent;
}

/**
 * The durable end of every request: single-use claims and the audit event, in one transaction.
 */
export interface Journal {
  /**
   * Of any number of concurrent entries with the same claim exactly one hears it fresh, over all processes. A claim
   * stays used even where the request is refused. The event is durable when the promise resolves.
   *
   * Fails  Unavailable: the outcome is unknown and nothing may be answered but 503
   */
  record(entry: JournalEntry<ClaimVerdict>): Promise<ClaimVerdict>;
}
