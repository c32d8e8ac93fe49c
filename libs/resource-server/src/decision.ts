import type { RawHeaders } from './raw-headers.ts';
import type { RefusalReason } from './refusals.ts';

/** A request as it arrived. */
export interface GuardedRequest {
  /** The method that will be served. Headers that name another one mean nothing here. */
  readonly method: string;
  /** The request target as it came on the wire, query included: Node's `request.url`, before any rewriting. */
  readonly rawUrl: string;
  readonly rawHeaders: RawHeaders;
  /** The bytes of the content before any decoding, `Content-Encoding` included; null when there were none. */
  readonly rawBody: Uint8Array | null;
  /** DER of the certificate that the caller's connection was made with, by its key; null or absent: none. */
  readonly clientCertificate?: Uint8Array | null;
  /**
   * The catalog operation that the route carries out. A token that was judged as another one is refused, and spent:
   * the router and the catalog read the URL differently, and the policies were asked the wrong question.
   */
  readonly operation?: string | undefined;
}

/** What a token permitted. It is spent: this is the one request that it was good for. */
export interface Grant {
  readonly issuer: string;
  /** The user on whose behalf the call is made, as their identity provider names them. */
  readonly subject: string;
  readonly subjectIssuer: string;
  readonly clientId: string;
  /** Who acts for the user, current actor first; empty when the user acts. Only the first one has a say. */
  readonly actors: readonly { readonly issuer: string; readonly subject: string }[];
  readonly tokenId: string;
  /** Ties together what happens on account of one user's act, over all services. */
  readonly transactionId: string;
  readonly method: string;
  /** The catalog operation that the policies were asked about; null when the broker does not say. */
  readonly operation: string | null;
  /** Canonical, with query. */
  readonly targetUri: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** RFC 7638 thumbprint of the caller's key; null for a token that is bound to none. */
  readonly keyThumbprint: string | null;
  /** `x5t#S256` of the caller's certificate (RFC 8705); null for a token that is bound to none. */
  readonly certificateThumbprint: string | null;
  readonly acr: string | null;
  readonly amr: readonly string[];
  /** Epoch seconds; null when it is not known when the user was last seen. */
  readonly authTime: number | null;
  /** RFC 9396; the operation as the broker stored it. */
  readonly authorizationDetails: readonly unknown[];
}

/** Everything that goes into the answer to a request that is not served. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly status: 400 | 401 | 403 | 413 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: string; readonly error_description: string };
  /** For the log when the broker could not be asked; null otherwise. Holds no secrets. */
  readonly cause: Error | null;
}

export type Decision =
  { readonly granted: true; readonly grant: Grant } | { readonly granted: false; readonly refusal: Refusal };
