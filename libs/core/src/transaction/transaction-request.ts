import type { CallerCredentials } from '../caller/caller-credentials.ts';
import type { JsonObject } from '../shared/strict-json.ts';

/** `POST /token` for a transaction token, every parameter checked for shape and none for truth. */
export interface TransactionRequest {
  readonly credentials: CallerCredentials;
  /** The token that was spent, or the transaction token that is to be replaced; unread. */
  readonly subjectToken: string;
  readonly subjectTokenType: 'access_token' | 'txn_token';
  readonly audiences: readonly string[];
  readonly scope: string;
  /** `request_details`; null when none were sent. */
  readonly details: JsonObject | null;
  /** `request_context`; null when none was sent. */
  readonly context: JsonObject | null;
}
