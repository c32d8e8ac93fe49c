import type { CallerCredentials } from '../caller/caller-credentials.ts';

/** What a resource server tells of the request that it was sent (RFC 7662 §2.1 lets a service define parameters). */
export interface PresentedRequest {
  /** `http_method` */
  readonly method: string | null;
  /** `http_target_uri`, with its query */
  readonly targetUri: string | null;
  /** `content_digest`, the value of an RFC 9530 field over the bytes that arrived */
  readonly contentDigest: string | null;
  /** `http_content_type` */
  readonly contentType: string | null;
  /** `dpop_proof` */
  readonly dpopProof: string | null;
  /** `client_cert_s256`: `x5t#S256` of the certificate of the connection that it came over */
  readonly certificateThumbprint: string | null;
}

/** `POST /introspect` (RFC 7662 §2.1), every parameter checked for shape and none for truth. */
export interface IntrospectionRequest {
  readonly credentials: CallerCredentials;
  readonly token: string;
  readonly presented: PresentedRequest;
  /** `peek`: the token is only to be looked at. */
  readonly isPeek: boolean;
  /** The string inside the `Idempotency-Key` header; null when none was sent. */
  readonly idempotencyKey: string | null;
}
