import type { RefusalReason } from './refusals.ts';

/** What a client can do about a step-up (RFC 9470 §3). Seconds. */
export interface StepUpChallenge {
  acrValues?: readonly string[];
  maxAgeSeconds?: number;
}

/** What a client needs to ask again for what waits for an approval (draft-ietf-oauth-deferred-token-response). */
export interface Deferred {
  readonly deferralCode: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
  /** For people to compare; no secret. */
  readonly bindingCode: string;
}

/** A refusal. Thrown by steps, rendered once. `detail` goes to the audit log, `cause` to the process log. */
export class OAuthError extends Error {
  override readonly name: string = 'OAuthError';

  constructor(
    readonly reason: RefusalReason,
    readonly detail: string | null = null,
    readonly extras: {
      cause?: unknown;
      stepUp?: StepUpChallenge;
      dpopNonce?: string;
      retryAfterSeconds?: number;
      deferred?: Deferred;
    } = {},
  ) {
    super(reason, extras.cause === undefined ? undefined : { cause: extras.cause });
  }

  private recordedAs: string | null = null;

  /** Under which the audit log knows this refusal; null until it is written. */
  get reasonId(): string | null {
    return this.recordedAs;
  }

  withReasonId(reasonId: string): this {
    this.recordedAs = reasonId;
    return this;
  }
}

/** Something that the broker leans on did not answer. Nobody may take this for a no (503 and `Retry-After`). */
export class Unavailable extends OAuthError {
  override readonly name = 'Unavailable';

  constructor(what: string, cause?: unknown) {
    super('broker.unavailable', what, cause === undefined ? {} : { cause });
  }
}

/**
 * A caller that was told to wait, and did not: it is refused for its name alone. Nothing was looked at, so there is
 * nothing to put on record, and a flood of these writes nothing.
 */
export class HeldBack extends OAuthError {
  override readonly name = 'HeldBack';

  constructor(retryAfterSeconds: number) {
    super('quota.exceeded', null, { retryAfterSeconds });
  }
}
