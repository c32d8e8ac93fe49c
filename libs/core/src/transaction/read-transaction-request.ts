import { readCallerCredentials } from '../caller/read-caller-credentials.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import { ACCESS_TOKEN } from '../exchange/read-exchange-request.ts';
import type { Form } from '../form/form.ts';
import type { HttpFacts } from '../form/http-facts.ts';
import { readStrictJsonObject, type JsonObject } from '../shared/strict-json.ts';
import type { TransactionRequest } from './transaction-request.ts';
import { TXN_TOKEN } from './transaction-token.ts';

/** What a workload asserts travels in each transaction token. */
const MAX_ASSERTED_CHARS = 1024;

/**
 * Reads a request for a transaction token out of a form. Shapes only.
 *
 * Fails  request.malformed | grant.unsupported_token_type | client.several_methods | txn.malformed
 * Spec   draft-ietf-oauth-transaction-tokens, Txn-Token Request; RFC 8693 §2.1
 */
export function readTransactionRequest(form: Form, http: HttpFacts): TransactionRequest {
  const credentials = readCallerCredentials(form, http);
  const subjectToken = form.one('subject_token');
  const type = form.one('subject_token_type');
  const scope = form.one('scope');
  if (subjectToken === null || type === null || scope === null) {
    throw new OAuthError('request.malformed', 'subject_token, subject_token_type and scope are required');
  }
  if (form.one('actor_token') !== null || form.one('actor_token_type') !== null) {
    throw new OAuthError('request.malformed', 'who acts is in the subject token');
  }
  return {
    credentials,
    subjectToken,
    subjectTokenType: readType(type),
    audiences: [...form.all('audience'), ...form.all('resource')],
    scope,
    details: readAsserted(form, 'request_details'),
    context: readAsserted(form, 'request_context'),
  };
}

function readType(type: string): TransactionRequest['subjectTokenType'] {
  if (type === ACCESS_TOKEN) return 'access_token';
  if (type === TXN_TOKEN) return 'txn_token';
  throw new OAuthError('grant.unsupported_token_type', type);
}

function readAsserted(form: Form, name: string): JsonObject | null {
  const text = form.one(name);
  if (text === null) return null;
  const asserted = text.length > MAX_ASSERTED_CHARS ? null : readStrictJsonObject(text, { maxDepth: 4 });
  if (asserted === null) throw new OAuthError('txn.malformed', name);
  return asserted;
}
