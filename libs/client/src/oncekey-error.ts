/** Failures that no broker answered; every other code is the broker's own (RFC 6749 §5.2 and its extensions). */
export type LocalErrorCode =
  | 'unreachable'
  | 'timed_out'
  | 'unexpected_answer'
  | 'wrong_issuer'
  | 'unacceptable_uri'
  | 'unacceptable_key'
  | 'body_too_large';

/** What a user must do before the operation is permitted (RFC 9470 §3). */
export interface StepUp {
  /** In order of preference; empty when any will do. */
  readonly acrValues: readonly string[];
  /** Seconds since the last active authentication; null when it does not matter. */
  readonly maxAgeSeconds: number | null;
}

export interface OncekeyErrorFacts {
  readonly description?: string | undefined;
  /** HTTP status of the broker's answer. */
  readonly status?: number | undefined;
  readonly reasonId?: string | null;
  readonly stepUp?: StepUp | null;
  readonly retryAfterSeconds?: number | null;
  readonly cause?: unknown;
}

/**
 * No token could be had, so the API was not called. Failures of the API call itself are not of this class: they
 * come as `fetch` makes them.
 */
export class OncekeyError extends Error {
  override readonly name = 'OncekeyError';
  readonly description: string | null;
  /** Null when the broker did not answer. */
  readonly status: number | null;
  /** Opaque; an auditor finds the exact reason by it. */
  readonly reasonId: string | null;
  /** With `insufficient_user_authentication`: log the user in again like this, then repeat. */
  readonly stepUp: StepUp | null;
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly code: LocalErrorCode | (string & {}),
    facts: OncekeyErrorFacts = {},
  ) {
    super(
      facts.description === undefined ? code : `${code}: ${facts.description}`,
      facts.cause === undefined ? undefined : { cause: facts.cause },
    );
    this.description = facts.description ?? null;
    this.status = facts.status ?? null;
    this.reasonId = facts.reasonId ?? null;
    this.stepUp = facts.stepUp ?? null;
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
  }
}
