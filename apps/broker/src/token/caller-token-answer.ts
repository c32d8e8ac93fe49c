import type { IssuedCallerToken } from '#core';

/** RFC 6749 §5.1: no refresh token, and the scope even where none was asked for. */
export function callerTokenAnswer({ callerToken, expiresInSeconds, scope }: IssuedCallerToken): string {
  return JSON.stringify({
    access_token: callerToken,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    scope,
  });
}
