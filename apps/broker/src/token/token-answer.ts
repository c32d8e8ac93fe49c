import { ACCESS_TOKEN, type IssuedToken } from '#core';

/** What a client is given (RFC 8693 §2.2.1, RFC 9396 §7), as it goes on the wire. */
export function tokenAnswer({
  accessToken,
  tokenType,
  expiresInSeconds,
  operation,
  scope,
  txn,
}: IssuedToken): string {
  return JSON.stringify({
    access_token: accessToken,
    issued_token_type: ACCESS_TOKEN,
    token_type: tokenType,
    expires_in: expiresInSeconds,
    authorization_details: [operation],
    scope,
    // Names the transaction to whoever has to explain it later; opens nothing.
    txn,
  });
}
