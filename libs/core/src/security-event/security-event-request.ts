import { OAuthError } from '../errors/oauth-error.ts';
import { headerValues, type HttpFacts } from '../form/http-facts.ts';
import { MAX_JWT_CHARS } from '../jwt/compact-jws.ts';

/** `POST /ssf/events` (RFC 8935 §2.1), nothing in it believed. */
export interface SecurityEventRequest {
  /** Compact JWS, unread. */
  readonly token: string;
  /** Each `Authorization` header field as it came. */
  readonly authorizations: readonly string[];
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
  return { token: body.toString('latin1'), authorizations: headerValues(http, 'authorization') };
}
