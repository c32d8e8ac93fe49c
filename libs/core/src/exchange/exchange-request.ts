import type { CallerCredentials } from '../caller/caller-credentials.ts';
import type { RequestedOperation } from '../operation/http-operation.ts';
import type { JsonObject } from '../shared/strict-json.ts';

/** What the connection itself shows, which no client can claim otherwise. */
export interface ObservedContext {
  /** Address of the peer, or of whom a configured proxy names; null when unknown. */
  readonly ip: string | null;
}

/** `POST /token` for an access token (RFC 8693, or RFC 7523 with an ID-JAG), every parameter checked for shape and none for truth. */
export interface ExchangeRequest {
  readonly credentials: CallerCredentials;
  /** Compact JWS, unread. */
  readonly subjectToken: string;
  /** `jwt`: the JWT-SVID of a workload. */
  readonly subjectTokenType: 'id_token' | 'id_jag' | 'jwt' | 'txn_token';
  /** Compact JWS, unread; null when nobody acts for the subject. */
  readonly actorToken: string | null;
  /** `jwt`: a JWT-SVID, or a JWT of a registered provider. Null when there is no actor token. */
  readonly actorTokenType: 'id_token' | 'jwt' | null;
  /** Each `DPoP` header field as it came; honest requests have one. */
  readonly dpopProofs: readonly string[];
  readonly resources: readonly string[];
  /** Null when `authorization_details` is absent. */
  readonly operation: RequestedOperation | null;
  /** Catalog operation that the client names, with or instead of `authorization_details`; null when none is. */
  readonly scope: string | null;
  /** `request_context`: whatever is in it is claimed, not known. */
  readonly claimed: JsonObject;
  readonly observed: ObservedContext;
  /** The client can wait for an approval (`completion_mode`). */
  readonly canWait: boolean;
}
