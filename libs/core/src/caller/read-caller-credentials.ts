import { OAuthError } from '../errors/oauth-error.ts';
import type { Form } from '../form/form.ts';
import { headerValues, type HttpFacts } from '../form/http-facts.ts';
import type { CallerCredentials } from './caller-credentials.ts';

export const JWT_BEARER_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Finds how the caller authenticates. One way per request (RFC 6749 §2.3); a secret is noticed and not kept.
 *
 * Fails  request.malformed | client.several_methods
 */
export function readCallerCredentials(form: Form, http: HttpFacts): CallerCredentials {
  const assertion = form.one('client_assertion');
  const assertionType = form.one('client_assertion_type');
  const sentSecret = form.one('client_secret') !== null || headerValues(http, 'authorization').length > 0;
  if (assertion !== null && sentSecret) throw new OAuthError('client.several_methods');
  if ((assertion === null) !== (assertionType === null)) {
    throw new OAuthError('request.malformed', 'client_assertion and client_assertion_type belong together');
  }
  if (assertionType !== null && assertionType !== JWT_BEARER_ASSERTION) {
    throw new OAuthError('request.malformed', 'client_assertion_type is not the one of RFC 7523');
  }
  return { clientId: form.one('client_id'), assertion, sentSecret };
}
