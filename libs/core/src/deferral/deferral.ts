import type { AssertedLimits } from '../exchange/id-jag.ts';
import type { IdTokenClaims } from '../exchange/id-token-claims.ts';
import type { HttpOperation } from '../operation/http-operation.ts';
import type { ClaimedValue } from '../policy/policy-request.ts';
import type { Reliance } from '../revocation/cut-off.ts';
import type { EpochMs, EpochSeconds } from '../shared/clock.ts';
import type { Confirmation } from '../token/grant.ts';
import type { Act } from '../token/act.ts';
import type { TransactionClaims } from '../transaction/transaction-token.ts';

/** `grant_type` of who asks again (draft-ietf-oauth-deferred-token-response). */
export const DEFERRED_GRANT = 'urn:ietf:params:oauth:grant-type:deferred';

/** What a deferral code is called at the revocation endpoint. */
export const DEFERRAL_CODE_TYPE = 'urn:ietf:params:oauth:token-type:deferral-code';

/** Value of `completion_mode` by which a client says that it can wait. */
export const DEFERRED_MODE = 'deferred';

/** How long somebody has to approve, and the client to fetch the token. Seconds. */
export const APPROVAL_SECONDS = { least: 60, most: 3600, default: 600 };

/** How long a client waits between two questions, as long as it keeps to that. */
export const POLL_SECONDS = 5;

/** How much is added for each question that comes too early, and where that ends. */
export const SLOW_DOWN_SECONDS = { step: 5, most: 60 };

/** Open approvals, above which no more are taken. Those of one client are those of all of its users. */
export const MAX_OPEN = { perSubject: 8, perClient: 500 };

/**
 * - `pending`   not decided
 * - `approved`  by every group that was wanted; the token was not fetched yet
 * - `denied`    by somebody of one of the groups
 * - `cancelled` by the client
 * - `redeemed`  the token was given out
 * - `refused`   approved, and denied by the policies when it was fetched
 * - `expired`   `pending` or `approved` for too long
 */
export type DeferralState =
  'pending' | 'approved' | 'denied' | 'cancelled' | 'redeemed' | 'refused' | 'expired';

/** The subject as its token said; nothing by which the token could be made again. */
export interface DeferredSubject extends IdTokenClaims {
  readonly issuer: string;
  readonly as: 'subject' | 'assertion';
  readonly signedInAt: EpochSeconds;
  readonly limits: AssertedLimits | null;
  readonly mustProveKey: boolean;
  readonly transaction: TransactionClaims | null;
}

export interface DeferredActor {
  readonly act: Act | null;
  readonly boundKey: string | null;
  readonly signedInAt: EpochSeconds | null;
  readonly mustProveKey: boolean;
}

/** All that it takes to decide a request again. Kept as JSON until the deferral is over, and never a token. */
export interface DeferredRequest {
  readonly subject: DeferredSubject;
  readonly actor: DeferredActor;
  readonly clientId: string;
  /** The key that the request was made with; who fetches the token has to have it. */
  readonly confirmation: Confirmation;
  /** Id of the registered device that has it; null when nobody knew it. */
  readonly device: string | null;
  readonly operation: HttpOperation;
  /** Catalog operation that it was when it was asked for. */
  readonly operationId: string;
  /** What the client claimed, of the attributes that the release knew. */
  readonly claimed: Readonly<Record<string, ClaimedValue>>;
  readonly ip: string | null;
}

/** One group's approvals, by one person. */
export interface Approval {
  readonly issuer: string;
  readonly subject: string;
  readonly groups: readonly string[];
  readonly at: EpochMs;
}

/** A request that waits for an approval, as it is first written down. */
export interface NewDeferral {
  /** UUID form; also the id of the audit event by which it was asked for. */
  readonly id: string;
  /** SHA-256 of the code: whoever reads the database cannot redeem anything. */
  readonly codeHash: Buffer;
  readonly bindingCode: string;
  /** Groups each of which has to approve. */
  readonly approvers: readonly string[];
  readonly request: DeferredRequest;
  /** What it stands on: when one of these is cut off, so is it. */
  readonly reliances: readonly Reliance[];
  readonly ttlSeconds: number;
}

/** As it stands, by the clock of whoever keeps it. */
export interface StoredDeferral extends Omit<NewDeferral, 'codeHash' | 'ttlSeconds'> {
  readonly state: DeferralState;
  /** Groups that have not approved yet. */
  readonly awaited: readonly string[];
  readonly approvals: readonly Approval[];
  readonly requestedAt: EpochMs;
  readonly expiresAt: EpochMs;
}
