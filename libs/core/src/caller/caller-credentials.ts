/** How a caller of our endpoints says who it is (RFC 7523 §2.2). */
export interface CallerCredentials {
  /** `client_id` parameter; optional, must agree with the assertion. */
  readonly clientId: string | null;
  /** Compact JWS, unread; null when none was sent. */
  readonly assertion: string | null;
  /** A secret was sent, in the body or as `Authorization: Basic`. It is refused, and forgotten here already. */
  readonly sentSecret: boolean;
}

/** The names under which an endpoint may be addressed by an assertion's `aud`. */
export interface AssertionAudience {
  readonly issuer: string;
  /** URL of the called endpoint, for registrations flagged `legacyAudience`. */
  readonly endpoint: string;
}
