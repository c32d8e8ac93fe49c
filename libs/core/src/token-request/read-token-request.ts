import type { CallerTokenRequest } from '../caller-token/caller-token-request.ts';
import { CLIENT_CREDENTIALS, readCallerTokenRequest } from '../caller-token/read-caller-token-request.ts';
import { DEFERRED_GRANT } from '../deferral/deferral.ts';
import type { DeferredTokenRequest } from '../deferral/deferred-token-request.ts';
import { readDeferredTokenRequest } from '../deferral/read-deferred-token-request.ts';
import type { ExchangeRequest } from '../exchange/exchange-request.ts';
import { readExchangeRequest, TOKEN_EXCHANGE } from '../exchange/read-exchange-request.ts';
import type { Form } from '../form/form.ts';
import type { HttpFacts } from '../form/http-facts.ts';
import { readTransactionRequest } from '../transaction/read-transaction-request.ts';
import type { TransactionRequest } from '../transaction/transaction-request.ts';
import { TXN_TOKEN } from '../transaction/transaction-token.ts';

/** What can be asked for at `/token`, by the pipeline that answers it. */
export type TokenRequest =
  | { readonly wants: 'access_token'; readonly request: ExchangeRequest }
  | { readonly wants: 'txn_token'; readonly request: TransactionRequest }
  | { readonly wants: 'caller_token'; readonly request: CallerTokenRequest }
  | { readonly wants: 'deferred_token'; readonly request: DeferredTokenRequest };

/** Fails  as `readExchangeRequest`, `readTransactionRequest`, `readCallerTokenRequest` and `readDeferredTokenRequest` */
export function readTokenRequest(form: Form, http: HttpFacts): TokenRequest {
  const grantType = form.one('grant_type');
  if (grantType === CLIENT_CREDENTIALS) {
    return { wants: 'caller_token', request: readCallerTokenRequest(form, http) };
  }
  if (grantType === TOKEN_EXCHANGE && form.one('requested_token_type') === TXN_TOKEN) {
    return { wants: 'txn_token', request: readTransactionRequest(form, http) };
  }
  if (grantType === DEFERRED_GRANT) {
    return { wants: 'deferred_token', request: readDeferredTokenRequest(form, http) };
  }
  return { wants: 'access_token', request: readExchangeRequest(form, http) };
}
