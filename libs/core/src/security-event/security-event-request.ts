import { OAuthError } from '../errors/oauth-error.ts';
import { headerValues, type HttpFacts } from '../form/http-facts.ts';
import { MAX_JWT_CHARS } from '../jwt/compact-jws.ts';

/**
 * How an event came. `push`: with each `Authorization` header field beside it. `poll`: out of the stream of this
 * issuer, under this name.
 */
export type EventDelivery =
  | { readonly by: 'push'; readonly authorizations: readonly string[] }
  | { readonly by: 'poll'; readonly issuer: string; readonly jti: string };

/** A delivered event (RFC 8935 §2.1, RFC 8936 §2.2), nothing in it believed. */
export interface SecurityEventRequest {
  /** Compact JWS, unread. */
  readonly token: string;
  readonly delivery: EventDelivery;
}

/**
 * Reads a push delivery: its body is the token and nothing else.
 *
 * Fails  request.wrong_media_type | request.too_large
 */
export function readSecurityEventRequest(
  { contentType, body }: { contentType: string | undefined; body: Buffer },
  http: HttpFacts,
): SecurityEventRequest {
  if (contentType?.trim().toLowerCase() !== 'application/secevent+jwt') {
    throw new OAuthError('request.wrong_media_type');
  }
  if (body.length > MAX_JWT_CHARS) throw new OAuthError('request.too_large');
  const authorizations = headerValues(http, 'authorization');
  return { token: body.toString('latin1'), delivery: { by: 'push', authorizations } };
}
