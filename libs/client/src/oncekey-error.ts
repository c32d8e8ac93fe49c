/** Failures that no broker answered; every other code is the broker's own. */
export type LocalErrorCode =
  | 'unreachable'
  | 'timed_out'
  | 'unexpected_answer'
  | 'wrong_issuer'
  | 'unacceptable_uri'
  | 'unacceptable_key'
  | 'no_token'
  | 'sign_in_failed'
  | 'body_too_large';

/** Error codes that a broker answers an exchange with (RFC 6749 §5.2, RFC 8693, 8707, 9396, 9449, 9470). */
export type BrokerErrorCode =
  | 'access_denied'
  | 'authorization_pending'
  | 'expired_token'
  | 'insufficient_user_authentication'
  | 'invalid_authorization_details'
  | 'invalid_client'
  | 'invalid_dpop_proof'
  | 'invalid_grant'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_target'
  | 'server_error'
  | 'slow_down'
  | 'temporarily_unavailable'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'use_dpop_nonce';

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
    readonly code: LocalErrorCode | BrokerErrorCode | (string & {}),
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

/** Nobody has answered, or nobody could: the same question may be put again. */
export function isPassing({ code, status }: OncekeyError): boolean {
  return code === 'unreachable' || code === 'timed_out' || status === 503 || status === 429;
}
