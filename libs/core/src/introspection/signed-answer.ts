import type { EpochMs } from '../shared/clock.ts';

/** `typ` of a signed answer, and with `application/` before it its media type (RFC 9701 §5). */
export const SIGNED_ANSWER_TYPE = 'token-introspection+jwt';

const MEDIA_TYPE = `application/${SIGNED_ANSWER_TYPE}`;

/** More than any honest software lists. */
const MAX_ACCEPT_CHARS = 1_024;

/** Names of types are compared without regard to case; `q=0` refuses one (RFC 9110 §12.4.2, §12.5.1). */
const REFUSED = /;\s*q=0(?:\.0{0,3})?\s*(?:;|$)/i;

/** Whether the caller asks for a signed answer by naming it; `*` does not, since it names nothing. */
export function wantsSignedAnswer(accept: readonly string[]): boolean {
  const text = accept.join(',');
  if (text.length > MAX_ACCEPT_CHARS) return false;
  return text.split(',').some((range) => {
    const [type = ''] = range.split(';');
    return type.trim().toLowerCase() === MEDIA_TYPE && !REFUSED.test(range);
  });
}

/**
 * The claims of a signed answer. Without `sub` and `exp`, so that nobody can take it for an access token.
 *
 * In     audience  the client id of the resource server that asked
 * Spec   RFC 9701 §5
 */
export function signedAnswerClaims(
  body: object,
  { issuer, audience, now }: { issuer: string; audience: string; now: EpochMs },
): object {
  return { iss: issuer, aud: audience, iat: Math.floor(now / 1000), token_introspection: body };
}
