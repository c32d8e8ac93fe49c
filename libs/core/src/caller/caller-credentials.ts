import type { ClientRegistration, ResourceServerRegistration } from '../registry/registrations.ts';

export const JWT_BEARER_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const JWT_SPIFFE_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe';

/** RFC 7523 §2.2; draft-ietf-oauth-spiffe-client-auth. */
export type AssertionType = typeof JWT_BEARER_ASSERTION | typeof JWT_SPIFFE_ASSERTION;

/** How a caller of our endpoints says who it is (RFC 7523 §2.2). */
export interface CallerCredentials {
  /** Where the request comes from, as `sourceOf` has it. */
  readonly source: string;
  /** `client_id` parameter; optional, must agree with the assertion. */
  readonly clientId: string | null;
  /** Compact JWS, unread; null when none was sent. */
  readonly assertion: string | null;
  /** What the assertion says it is; null when none was sent. */
  readonly assertionType: AssertionType | null;
  readonly certificate: PresentedCertificate | null;
  readonly attestation: PresentedAttestation | null;
  /** Token of `Authorization: Bearer`, unread; null when none was sent. */
  readonly bearer: string | null;
  /** A secret was sent, in the body or as `Authorization: Basic`. It is refused, and forgotten here already. */
  readonly sentSecret: boolean;
}

/** A certificate whose key made the connection: as the TLS layer, or a proxy that is believed, says. */
export interface PresentedCertificate {
  readonly der: Uint8Array;
  /** Those that lead from it towards an authority, in order. */
  readonly chain: readonly Uint8Array[];
}

/** An attestation of a client's instance, and the proof of the instance's key; both compact JWS, unread. */
export interface PresentedAttestation {
  readonly attestation: string;
  /** Null: the DPoP proof of the request is the proof of the key as well. */
  readonly proof: string | null;
}

/** The endpoint that is called, by the names under which an assertion's `aud` may address it. */
export interface AssertionAudience {
  readonly issuer: string;
  /** URL of the called endpoint, for registrations flagged `legacyAudience`. */
  readonly endpoint: string;
  /** Whom the endpoint is for: a workload may be registered as either, and is then looked for as this one. */
  readonly callers: (ClientRegistration | ResourceServerRegistration)['kind'];
}
