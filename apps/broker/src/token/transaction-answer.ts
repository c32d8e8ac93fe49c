import { TXN_TOKEN, type IssuedTransactionToken } from '#core';

/** `N_A`: it is nothing to call an API with (RFC 8693 §2.2.1). */
export function transactionAnswer({
  transactionToken,
  expiresInSeconds,
  scope,
}: IssuedTransactionToken): string {
  return JSON.stringify({
    access_token: transactionToken,
    issued_token_type: TXN_TOKEN,
    token_type: 'N_A',
    expires_in: expiresInSeconds,
    scope,
  });
}
